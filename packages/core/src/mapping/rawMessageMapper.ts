import { dittoDefaultOptions } from './dittoMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionText, optionTexts } from './mapperOptions.ts';
import { compileOptions } from './optionTemplates.ts';
import { fromRawMessage } from './rawMessageInbound.ts';
import { toRawMessage } from './rawMessageOutbound.ts';

const DEFAULT_OUTGOING_CONTENT_TYPE = 'text/plain; charset=UTF-8';

const DEFAULT_INCOMING_HEADERS = {
  'content-type': "{{header:content-type|fn:default('application/octet-stream')}}",
  'ditto-message-direction': "{{header:ditto-message-direction|fn:default('TO')}}",
  'ditto-message-thing-id': '{{header:ditto-message-thing-id}}',
  'ditto-message-subject': '{{header:ditto-message-subject}}',
  status: '{{header:status}}',
  'ditto-message-feature-id': '{{header:ditto-message-feature-id}}',
};

/** Payloads of messages without their Protocol envelope (connectivity/service/.../RawMessageMapper.java). */
export const rawMessageEngine: MapperEngine = {
  alias: 'RawMessage',
  needsDefinition: false,
  defaultOptions: {
    ...dittoDefaultOptions,
    outgoingContentType: DEFAULT_OUTGOING_CONTENT_TYPE,
    incomingMessageHeaders: DEFAULT_INCOMING_HEADERS,
  },
  create(options) {
    const configured = optionTexts(options, 'incomingMessageHeaders');
    const headers = new Map(compileOptions({ ...DEFAULT_INCOMING_HEADERS, ...configured }));
    const contentType = optionText(options, 'outgoingContentType') ?? DEFAULT_OUTGOING_CONTENT_TYPE;
    return {
      mapInbound: (message, context) => [fromRawMessage(message, context, headers)],
      mapOutbound: (adaptable) => [toRawMessage(adaptable, contentType)],
    };
  },
};
