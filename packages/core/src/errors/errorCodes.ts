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
  'json.pointer.invalid': {
    status: 400,
    description: 'Consecutive slashes in JSON pointers are not supported.',
  },
  'json.key.invalid': {
    status: 400,
    description: 'Neither slashes nor any control characters are allowed.',
  },
  'namespacedentity.id.invalid': {
    status: 400,
    description:
      'It must conform to the namespaced entity ID notation (see Ditto documentation) with a maximum name length of 256 characters.',
  },
  'header.invalid': {
    status: 400,
    description: 'Verify that the header has the correct syntax and try again.',
  },
  'timeout.invalid': { status: 400, description: 'Please choose a valid timeout.' },
  'mediatype.unsupported': { status: 415, description: undefined },
  'command.headers.invalid': { status: 400, description: undefined },
  'command.timeout': { status: 408, description: 'Try increasing the command timeout.' },
  'protocoladapter:unknown.topicpath': { status: 400, description: 'Check if the topic path is correct.' },
  'protocoladapter:unknown.path': { status: 400, description: 'Check if the path is correct.' },
  'protocoladapter:unknown.signal': { status: 400, description: 'Check if the signal is correct.' },
  'protocoladapter:unknown.channel': { status: 400, description: 'Check if the channel is correct.' },
  'protocoladapter:invalid.path': { status: 400, description: undefined },
  'protocoladapter:illegal.adaptable': { status: 422, description: undefined },
  'things:id.invalid': {
    status: 400,
    description: 'It must conform to the namespaced entity ID notation (see Ditto documentation)',
  },
  'things:id.notsettable': { status: 400, description: undefined },
  'things:policy.conflicting': {
    status: 400,
    description: 'Please either define an inline Policy or define a policy to copy, but not both.',
  },
  'policies:id.invalid': {
    status: 400,
    description: 'It must conform to the namespaced entity ID notation (see Ditto documentation)',
  },
  'messages:payload.toolarge': { status: 413, description: 'Send another message with a smaller payload.' },
  'json.fieldselector.invalid': {
    status: 400,
    description:
      "Check, for example, if the amount of opening parentheses '(' matches the amount of closing ones ')'.",
  },
  'acknowledgement:label.invalid': {
    status: 400,
    description: 'An acknowledgement label must conform to the regular expression of Ditto documentation.',
  },
  'acknowledgement:ditto.acklabel.forbidden': {
    status: 400,
    description: 'Make sure to not issue an Ditto internal Acknowledgement label.',
  },
  'acknowledgement:request.timeout': {
    status: 408,
    description:
      'Try increasing the timeout and make sure that the requested acknowledgement is sent back in time.',
  },
  'acknowledgement:label.not.unique': {
    status: 409,
    description: 'Please ensure all other subscribers with the declared acknowledgement labels are offline.',
  },
  'acknowledgement:request.parsing.failed': {
    status: 422,
    description: 'The string to be parsed must be a valid representation of an acknowledgement request.',
  },
  'things:field.selection.invalid': { status: 400, description: undefined },
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
  'connectivity:connection.id.enforcement.failed': {
    status: 400,
    description: 'Either modify the configured filter or ensure that the message is sent via the correct ID.',
  },
  'placeholder:unresolved': {
    status: 400,
    description:
      'Some placeholders could not be resolved. Check the spelling of the placeholder and make sure all required headers are set.',
  },
  'placeholder:function.unknown': {
    status: 400,
    description:
      'Ensure to only use supported functions. Check if you maybe just forgot to use parentheses for a function with empty parameters.',
  },
  'placeholder:function.signature.invalid': { status: 400, description: undefined },
  'placeholder:function.too.complex': {
    status: 400,
    description:
      "Please reduce the complexity (e.g. amount of chained functions below the maximum of '10') of the functions.",
  },
  'connectivity:message.sending.failed': {
    status: 503,
    description:
      'Sending the message to an external system failed, please check if your connection is configured properly and the target system is available and consuming messages.',
  },
  'rql.expression.invalid': {
    status: 400,
    description:
      'Ensure that all opening parentheses have also closing ones and that the RQL expression is valid.',
  },
  'connectivity:connection.uri.invalid': {
    status: 400,
    description: 'The accepted format is {protocol}://{username}:{password}@{hostname}:{port}/{path}',
  },
  'connectivity:message.mapping.failed': {
    status: 400,
    description:
      'Check if you are sending the correct content-type/payload combination an that you have registered a mapper which transforms your payload to Ditto Protocol',
  },
  'connectivity:message.mapper.config.invalid': {
    status: 400,
    description: "Make sure to add the missing property to the mapper's configuration.",
  },
  'connectivity:message.mapper.config.failed': {
    status: 400,
    description: 'Check the configuration options of your mapper for errors.',
  },
  'messages:messageformat.invalid': { status: 400, description: undefined },
  'connectivity:topic.invalid': { status: 400, description: 'Check if the format is the expected one.' },
  'connectivity:signal.illegal': { status: 409, description: 'Please retry later.' },
  'things:thing.notfound': {
    status: 404,
    description: 'Check if the ID of your requested Thing was correct and you have sufficient permissions.',
  },
} as const satisfies Record<string, { readonly status: number; readonly description: string | undefined }>;

export type ErrorCode = keyof typeof errorCodes;
