/**
 * The table of error codes: every code that Hawser can answer, with Ditto's status and default description.
 * `docs/errors.md` lists the same codes; a test compares both ways.
 */
export const errorCodes = {
  'json.field.missing': { status: 400, description: 'Check if all required JSON fields were set.' },
  'json.invalid': {
    status: 400,
    description:
      'Check if the JSON was valid (e.g. on https://jsonlint.com) and if it was in required format.',
  },
  'json.format.invalid': { status: 400, description: undefined },
  'json.type.notparsable': { status: 400, description: 'Check if you sent the JSON with the correct type.' },
  'connectivity:connection.notfound': {
    status: 404,
    description:
      'Check if the ID of your requested Connection was correct and you have sufficient permissions.',
  },
  'connectivity:connection.conflict': {
    status: 409,
    description: 'If you need to update it, remove it first before creating it again.',
  },
  'connectivity:connection.unavailable': {
    status: 503,
    description:
      'The requested Connection is temporarily not available, please retry the performed action in order to improve resiliency.',
  },
  'connectivity:connection.failed': {
    status: 504,
    description:
      'The requested Connection could not be connected due to an internal failure of the underlying driver.',
  },
  'connectivity:connection.configuration.invalid': {
    status: 400,
    description: 'Make sure all required properties are set and valid in the configuration.',
  },
  'connectivity:connection.id.invalid': {
    status: 400,
    description: 'It must be conform to the regular expression: <[a-zA-Z0-9-_:]{1,100}>.',
  },
  'connectivity:message.sending.failed': {
    status: 503,
    description:
      'Sending the message to an external system failed, please check if your connection is configured properly and the target system is available and consuming messages.',
  },
} as const satisfies Record<string, { readonly status: number; readonly description: string | undefined }>;

export type ErrorCode = keyof typeof errorCodes;
