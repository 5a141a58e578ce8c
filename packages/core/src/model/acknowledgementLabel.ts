import { makeError } from '../errors/makeError.ts';

/** base/model/.../acks/AcknowledgementLabels.java; the leading placeholder is what `{{connection:id}}:suffix` needs. */
const LABEL = /^(?:\{\{[ \t\n\v\f\r]*[a-z]+:[a-z]+[ \t\n\v\f\r]*\}\}:)?[a-zA-Z0-9-_:]{3,165}$/;
const RESOLVED_LABEL = /^[a-zA-Z0-9-_:]{3,165}$/;

/** A label that any target may issue without declaring it (base/model/.../acks/DittoAcknowledgementLabel.java). */
export const LIVE_RESPONSE_LABEL = 'live-response';

export const invalidLabelMessage = (label: string): string => `Acknowledgement label <${label}> is invalid.`;

/**
 * Returns the label itself, placeholder included.
 * @throws DittoError `acknowledgement:label.invalid`
 */
export function parseAcknowledgementLabel(text: string): string {
  if (LABEL.test(text)) return text;
  throw makeError('acknowledgement:label.invalid', invalidLabelMessage(text), {
    href: 'https://www.eclipse.dev/ditto/protocol-specification-topic.html#acknowledgement-criterion-actions',
  });
}

/** Whether nothing in the label is left to resolve. */
export const isResolvedLabel = (label: string): boolean => RESOLVED_LABEL.test(label);

/**
 * A requested acknowledgement: the same label, refused with another error (base/model/.../acks/AcknowledgementRequest.java).
 * @throws DittoError `acknowledgement:request.parsing.failed`
 */
export function parseAcknowledgementRequest(text: string): string {
  if (LABEL.test(text)) return text;
  throw makeError(
    'acknowledgement:request.parsing.failed',
    `<${text}> cannot be parsed to an acknowledgement request! Cause: ${invalidLabelMessage(text)}`,
  );
}
