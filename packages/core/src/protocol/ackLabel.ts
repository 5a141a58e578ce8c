import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/** base/model/.../acks/AcknowledgementLabels.java: an optional placeholder before the colon, without blanks. */
const LABEL = /^(?:\{\{\w*[a-z]:[a-z]\w*\}\}:)?[a-zA-Z0-9_:-]{3,165}$/;

/** Labels that Ditto issues itself. */
export const dittoAckLabels = ['twin-persisted', 'live-response', 'search-persisted'] as const;
export type DittoAckLabel = (typeof dittoAckLabels)[number];

export const isAckLabel = (label: string): boolean => LABEL.test(label);

export const isDittoAckLabel = (label: string): label is DittoAckLabel =>
  (dittoAckLabels as readonly string[]).includes(label);

/** @throws DittoError `acknowledgement:label.invalid` */
export function checkAckLabel(label: string): string {
  if (isAckLabel(label)) return label;
  throw makeError('acknowledgement:label.invalid', `Acknowledgement label <${label}> is invalid.`, {
    href: 'https://www.eclipse.dev/ditto/protocol-specification-topic.html#acknowledgement-criterion-actions',
  });
}

/** `acknowledgement:ditto.acklabel.forbidden`: nobody but Ditto issues its labels. */
export const dittoAckLabelForbidden = (label: string): DittoError =>
  makeError(
    'acknowledgement:ditto.acklabel.forbidden',
    `The Ditto internal Acknowledgement label <${label}> is not allowed to be issued externally!`,
  );
