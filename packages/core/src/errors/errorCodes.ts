import { entityErrorCodes } from './entityErrorCodes.ts';

/**
 * The table of error codes: every code that Hawser can answer, with Ditto's status and default description.
 * `docs/errors.md` lists the same codes; a test compares both ways.
 */
export const errorCodes = {
  'acknowledgement:ditto.acklabel.forbidden': {
    status: 400,
    description: 'Make sure to not issue an Ditto internal Acknowledgement label.',
  },
  'acknowledgement:label.invalid': {
    status: 400,
    description: 'An acknowledgement label must conform to the regular expression of Ditto documentation.',
  },
  'acknowledgement:label.not.declared': {
    status: 400,
    description:
      'Each connection may only send acknowledgements whose label matches one declared for the connection.',
  },
  'acknowledgement:label.not.unique': {
    status: 409,
    description: 'Please ensure all other subscribers with the declared acknowledgement labels are offline.',
  },
  'acknowledgement:request.parsing.failed': {
    status: 422,
    description: 'The string to be parsed must be a valid representation of an acknowledgement request.',
  },
  'acknowledgement:request.timeout': {
    status: 408,
    description:
      'Try increasing the timeout and make sure that the requested acknowledgement is sent back in time.',
  },
  'api.version.notsupported': {
    status: 404,
    description: 'Check if you specified the correct version of the API.',
  },
  'ask.error': {
    status: 503,
    description: 'Please retry the performed action in order to improve resiliency.',
  },
  'command.headers.invalid': { status: 400, description: undefined },
  'command.timeout': { status: 408, description: 'Try increasing the command timeout.' },
  'connectivity:command.invalid': {
    status: 400,
    description: 'Choose from one of the valid commands, e.g. <connectivity.commands:openConnection>.',
  },
  'connectivity:connection.configuration.invalid': {
    status: 400,
    description: 'Make sure all required properties are set and valid in the configuration.',
  },
  'connectivity:connection.conflict': {
    status: 409,
    description: 'If you need to update it, remove it first before creating it again.',
  },
  'connectivity:connection.failed': {
    status: 504,
    description:
      'The requested Connection could not be connected due to an internal failure of the underlying driver.',
  },
  'connectivity:connection.history.notfound': {
    status: 404,
    description:
      'Check if the ID of your requested Connection was correct, you have sufficient permissions and ensure that the asked for revision/timestamp does not exceed the history-retention-duration or is from the future.',
  },
  'connectivity:connection.id.enforcement.failed': {
    status: 400,
    description: 'Either modify the configured filter or ensure that the message is sent via the correct ID.',
  },
  'connectivity:connection.id.invalid': {
    status: 400,
    description: 'It must be conform to the regular expression: <[a-zA-Z0-9-_:]{1,100}>.',
  },
  'connectivity:connection.notfound': {
    status: 404,
    description:
      'Check if the ID of your requested Connection was correct and you have sufficient permissions.',
  },
  'connectivity:connection.timeout': {
    status: 503,
    description: 'The Connection did not answer within timeout.',
  },
  'connectivity:connection.toolarge': {
    status: 413,
    description: 'Make the connection smaller, e.g. its mapping scripts.',
  },
  'connectivity:connection.unauthorized': {
    status: 401,
    description: 'Please verify that the credentials were configured correctly in the connection.',
  },
  'connectivity:connection.unavailable': {
    status: 503,
    description:
      'The requested Connection is temporarily not available, please retry the performed action in order to improve resiliency.',
  },
  'connectivity:connection.uri.invalid': {
    status: 400,
    description: 'The accepted format is {protocol}://{username}:{password}@{hostname}:{port}/{path}',
  },
  'connectivity:connections.amount.illegal': {
    status: 400,
    description: 'Please request less connection ids.',
  },
  'connectivity:connectivity.config.unavailable': {
    status: 404,
    description: 'Please contact the service team.',
  },
  'connectivity:id.notsettable': {
    status: 400,
    description: 'Remove the ID from the connection as it will be generated.',
  },
  'connectivity:internalerror': { status: 500, description: 'Please contact the service team.' },
  'connectivity:message.mapper.config.failed': {
    status: 400,
    description: 'Check the configuration options of your mapper for errors.',
  },
  'connectivity:message.mapper.config.invalid': {
    status: 400,
    description: "Make sure to add the missing property to the mapper's configuration.",
  },
  'connectivity:message.mapping.failed': {
    status: 400,
    description:
      'Check if you are sending the correct content-type/payload combination an that you have registered a mapper which transforms your payload to Ditto Protocol',
  },
  'connectivity:message.sending.failed': {
    status: 503,
    description:
      'Sending the message to an external system failed, please check if your connection is configured properly and the target system is available and consuming messages.',
  },
  'connectivity:precondition.failed': {
    status: 412,
    description:
      'The comparison of the provided precondition header with the current ETag value of the requested connection resource evaluated to false. Check the value of your conditional header value.',
  },
  'connectivity:precondition.notmodified': {
    status: 304,
    description:
      "The comparison of the provided precondition header ''if-none-match'' with the current ETag value of the requested connection resource evaluated to false. Check the value of your conditional header value.",
  },
  'connectivity:signal.illegal': { status: 409, description: 'Please retry later.' },
  'connectivity:topic.invalid': { status: 400, description: 'Check if the format is the expected one.' },
  'enforcement.timeout': {
    status: 503,
    description:
      'The signal could not be enforced within the configured timeout. Please retry the performed action in order to improve resiliency.',
  },
  'gateway:authentication.failed': { status: 401, description: 'Check if your credentials were correct.' },
  'gateway:authentication.provider.unavailable': {
    status: 503,
    description: 'If after retry it is still unavailable, please contact the service team.',
  },
  'gateway:duplicate.header.field': { status: 400, description: undefined },
  'gateway:jwt.issuer.notsupported': { status: 401, description: 'Check if your JWT is correct.' },
  'gateway:timeout.invalid': { status: 400, description: 'Choose a timeout inside the bounds.' },
  'hawser:origin.denied': {
    status: 403,
    description:
      'Send the request from a page of the same origin, or configure the origin as an allowed one.',
  },
  'hawser:overloaded': { status: 503, description: 'Please retry later.' },
  'hawser:rate.limited': { status: 429, description: 'Please send fewer requests, and retry later.' },
  'hawser:readonly': { status: 403, description: 'Use a user with full access to change anything.' },
  'header.invalid': {
    status: 400,
    description: 'Verify that the header has the correct syntax and try again.',
  },
  'headers.too.large': { status: 431, description: undefined },
  internalerror: { status: 500, description: 'Please contact the service team or your administrator.' },
  'json.field.missing': { status: 400, description: 'Check if all required JSON fields were set.' },
  'json.fieldselector.invalid': {
    status: 400,
    description:
      "Check, for example, if the amount of opening parentheses '(' matches the amount of closing ones ')'.",
  },
  'json.format.invalid': { status: 400, description: undefined },
  'json.invalid': {
    status: 400,
    description:
      'Check if the JSON was valid (e.g. on https://jsonlint.com) and if it was in required format.',
  },
  'json.key.invalid': { status: 400, description: 'Neither slashes nor any control characters are allowed.' },
  'json.pointer.invalid': {
    status: 400,
    description: 'Consecutive slashes in JSON pointers are not supported.',
  },
  'json.type.notparsable': { status: 400, description: 'Check if you sent the JSON with the correct type.' },
  'jwt:invalid': { status: 400, description: 'The provided token string did not have the expected format.' },
  'mediatype.unsupported': { status: 415, description: undefined },
  'messages:messageformat.invalid': { status: 400, description: undefined },
  'messages:payload.toolarge': {
    status: 413,
    description: 'Reduce the message payload in the bounds of the specified limit',
  },
  'messages:send.notallowed': {
    status: 403,
    description:
      'Please make sure that the Thing exists and that you have WRITE permissions on the message resource in the policy of the Thing.',
  },
  'namespacedentity.id.invalid': {
    status: 400,
    description:
      'It must conform to the namespaced entity ID notation (see Ditto documentation) with a maximum name length of 256 characters.',
  },
  'placeholder:function.signature.invalid': { status: 400, description: undefined },
  'placeholder:function.too.complex': {
    status: 400,
    description:
      "Please reduce the complexity (e.g. amount of chained functions below the maximum of '10') of the functions.",
  },
  'placeholder:function.unknown': {
    status: 400,
    description:
      'Ensure to only use supported functions. Check if you maybe just forgot to use parentheses for a function with empty parameters.',
  },
  'placeholder:unresolved': {
    status: 400,
    description:
      'Some placeholders could not be resolved. Check the spelling of the placeholder and make sure all required headers are set.',
  },
  'protocoladapter:illegal.adaptable': { status: 422, description: undefined },
  'protocoladapter:invalid.path': { status: 400, description: undefined },
  'protocoladapter:unknown.channel': { status: 400, description: 'Check if the channel is correct.' },
  'protocoladapter:unknown.path': { status: 400, description: 'Check if the path is correct.' },
  'protocoladapter:unknown.signal': { status: 400, description: 'Check if the signal is correct.' },
  'protocoladapter:unknown.topicpath': { status: 400, description: 'Check if the topic path is correct.' },
  'rql.expression.invalid': {
    status: 400,
    description:
      'Ensure that all opening parentheses have also closing ones and that the RQL expression is valid.',
  },
  'signal.unsupported': {
    status: 400,
    description: 'Check if you specified the correct resource/path and payload.',
  },
  'timeout.invalid': { status: 400, description: 'Please choose a valid timeout.' },
  ...entityErrorCodes,
} as const satisfies Record<string, { readonly status: number; readonly description: string | undefined }>;

export type ErrorCode = keyof typeof errorCodes;
