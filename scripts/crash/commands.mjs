// Random commands to one connection, and what each leaves in the journal.

const kinds = [
  ['createConnection', 3],
  ['modifyConnection', 6],
  ['openConnection', 2],
  ['closeConnection', 2],
  ['deleteConnection', 1],
  ['retrieveConnection', 2],
];
const bag = kinds.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));

/** @param token told apart in the journal by the name of the connection */
export function nextCommand(id, token, random) {
  const kind = bag[Math.floor(random() * bag.length)];
  const type = `connectivity.commands:${kind}`;
  const isWhole = kind === 'createConnection' || kind === 'modifyConnection';
  const command = isWhole
    ? { type, connection: connectionNamed(id, token, random() < 0.5 ? 'open' : 'closed') }
    : { type, connectionId: id };
  return { kind, token: isWhole ? token : undefined, command };
}

const connectionNamed = (id, name, connectionStatus) => ({
  id,
  name,
  connectionType: 'mqtt',
  connectionStatus,
  uri: 'tcp://127.0.0.1:1883',
  sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['crash:subject'] }],
});

const eventsOf = {
  createConnection: ['connectionCreated'],
  modifyConnection: ['connectionCreated', 'connectionModified'],
  openConnection: ['connectionOpened'],
  closeConnection: ['connectionClosed'],
  deleteConnection: ['connectionDeleted'],
};

/** Whether a command that was answered with `status` (undefined: not at all) has its event: `yes`, `no` or `maybe`. */
export function isStored({ kind, status }) {
  if (kind === 'retrieveConnection') return 'no';
  if (status === undefined || status >= 500) return 'maybe';
  return status < 300 ? 'yes' : 'no';
}

/** Whether the event can be the trace of the command. */
function isTraceOf({ kind, token }, event) {
  if (!eventsOf[kind].some((name) => event.type === `connectivity.events:${name}`)) return false;
  return token === undefined || event.connection.name === token;
}

/**
 * Lays the events of one connection beside its commands, in order: every acknowledged one has its event, a refused one has
 * none, one of unknown outcome may have one, and there is no other.
 *
 * @returns undefined, or what does not fit
 */
export function mismatch(commands, events) {
  const traced = commands.filter((command) => isStored(command) !== 'no');
  /** Numbers of commands that may be used up after the events so far. */
  let reached = new Set([0]);
  for (const [index, event] of events.entries()) {
    const next = new Set();
    for (const from of reached)
      for (let at = from; at < traced.length; at++) {
        if (isTraceOf(traced[at], event)) next.add(at + 1);
        if (isStored(traced[at]) === 'yes') break;
      }
    if (next.size === 0)
      return `event ${index} (${event.type}) is no answer to a command: ${told(traced, reached)}`;
    reached = next;
  }
  const isComplete = [...reached].some((from) =>
    traced.slice(from).every((command) => isStored(command) === 'maybe'),
  );
  return isComplete ? undefined : `acknowledged, and not in the journal: ${told(traced, reached)}`;
}

function told(traced, reached) {
  const from = Math.max(...reached);
  return JSON.stringify(traced.slice(from, from + 3));
}
