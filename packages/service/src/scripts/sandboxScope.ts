/*
 * What scripts find in their scope, as JavaScript text that runs inside the engine, never here
 * (connectivity/service/src/main/resources/javascript/{ditto-scope,incoming-mapping,outgoing-mapping}.js).
 */

/** `Ditto`, which no script can change. */
export const dittoHelpers = `
Object.defineProperty(globalThis, 'Ditto', { enumerable: true, value: (function () {
  const fromCharCode = String.fromCharCode;
  function buildDittoProtocolMsg(namespace, name, group, channel, criterion, action, path, dittoHeaders, value, status, extra) {
    const inChannel = channel === 'none' ? '' : '/' + channel;
    const topic = namespace + '/' + name + '/' + group + inChannel + '/' + criterion + '/' + action;
    return { topic, path, headers: dittoHeaders, value, status, extra };
  }
  function buildExternalMsg(headers, textPayload, bytePayload, contentType) {
    return { headers, textPayload, bytePayload, contentType };
  }
  function arrayBufferToString(arrayBuffer) {
    const bytes = new Uint8Array(arrayBuffer);
    let text = '';
    for (let start = 0; start < bytes.length; start += 8192)
      text += fromCharCode.apply(null, bytes.subarray(start, start + 8192));
    return text;
  }
  function stringToArrayBuffer(string) {
    const bytes = new Uint8Array(string.length);
    for (let i = 0; i < string.length; i++) bytes[i] = string.charCodeAt(i);
    return bytes.buffer;
  }
  function asByteBuffer(arrayBuffer) {
    return dcodeIO.ByteBuffer.wrap(new Uint8Array(new Uint8Array(arrayBuffer)).buffer);
  }
  return { buildDittoProtocolMsg, buildExternalMsg, arrayBufferToString, stringToArrayBuffer, asByteBuffer };
})() });
`;

/** The functions that a script may define anew; declared as in Ditto, so that the same redefinitions are possible. */
export const defaultMappings = `
function mapToDittoProtocolMsg(headers, textPayload, bytePayload, contentType) {
  if (contentType === 'application/vnd.eclipse.ditto+json') return JSON.parse(textPayload);
  if (contentType !== 'application/octet-stream') return null;
  try {
    return JSON.parse(Ditto.arrayBufferToString(bytePayload));
  } catch (e) {
    return null;
  }
}
function mapToDittoProtocolMsgWrapper(externalMsg) {
  const { headers, textPayload, bytePayload, contentType } = externalMsg;
  return mapToDittoProtocolMsg(headers, textPayload, bytePayload, contentType);
}
function mapFromDittoProtocolMsg(namespace, name, group, channel, criterion, action, path, dittoHeaders, value, status, extra) {
  const message = Ditto.buildDittoProtocolMsg(namespace, name, group, channel, criterion, action, path, dittoHeaders, value, status, extra);
  return Ditto.buildExternalMsg(dittoHeaders, JSON.stringify(message), null, 'application/vnd.eclipse.ditto+json');
}
function mapFromDittoProtocolMsgWrapper(dittoProtocolMsg) {
  const { topic, path, headers, value, status, extra } = dittoProtocolMsg;
  const parts = topic.split('/');
  const rest = hasChannel(parts[2]) ? parts.slice(3) : ['none'].concat(parts.slice(3));
  return mapFromDittoProtocolMsg(parts[0], parts[1], parts[2], rest[0], rest[1], rest[2], path, headers, value, status, extra);
}
function hasChannel(group) {
  return group === 'things';
}
`;

/**
 * Freezes what every script builds on. Members of Object.prototype become accessors, so that an object of a script can still
 * have a member of the same name by assignment.
 */
export const freezing = `
(function () {
  const { defineProperty, freeze, getOwnPropertyDescriptor, hasOwn, preventExtensions } = Object;
  const prototype = Object.prototype;
  for (const key of Reflect.ownKeys(prototype)) {
    const { value, writable } = getOwnPropertyDescriptor(prototype, key);
    if (writable !== true) continue;
    if (typeof value === 'function') freeze(value);
    defineProperty(prototype, key, {
      configurable: false,
      get: () => value,
      set(own) {
        if (this === prototype || this === undefined || this === null) return;
        if (hasOwn(this, key)) this[key] = own;
        else defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
    });
  }
  freeze(prototype);
  for (const [name, holder] of [['JSON', JSON], ['Ditto', Ditto]]) {
    for (const key of Reflect.ownKeys(holder)) if (typeof holder[key] === 'function') freeze(holder[key]);
    freeze(holder);
    defineProperty(globalThis, name, { value: holder, writable: false, configurable: false });
  }
})();
`;
