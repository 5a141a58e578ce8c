import { makeError } from '../errors/makeError.ts';
import { isAckLabel } from '../protocol/ackLabel.ts';

/**
 * A requested acknowledgement: a label, refused with an error of its own (base/model/.../acks/AcknowledgementRequest.java).
 * @throws DittoError `acknowledgement:request.parsing.failed`
 */
export function parseAcknowledgementRequest(label: string): string {
  if (isAckLabel(label)) return label;
  throw makeError(
    'acknowledgement:request.parsing.failed',
    `<${label}> cannot be parsed to an acknowledgement request! Cause: Acknowledgement label <${label}> is invalid.`,
  );
}
