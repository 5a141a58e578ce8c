import type { MaybePromise } from '../pipeline/compiledConnection.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import type { ScriptObserver } from '../ports/scriptRun.ts';
import type { Adaptable } from '../protocol/signal.ts';

/**
 * One configured payload mapper: external messages to protocol messages and back. Nothing returned means dropped.
 * A failure that is no Ditto error becomes `connectivity:message.mapping.failed`; its name and message are shown to users.
 */
export interface PayloadMapper {
  /** `context`: what templates in the mapper's options may refer to; made for this message. */
  mapInbound(message: ExternalMessage, context: PlaceholderContext): MaybePromise<readonly Adaptable[]>;
  mapOutbound(adaptable: Adaptable): MaybePromise<readonly ExternalMessage[]>;
  /** Frees what it holds once the messages under way are mapped; a later message takes it again. Absent: it holds nothing. */
  close?(): void;
}

/** What mappers need of the world. */
export interface MapperEnvironment {
  /** Wall time, ms since 1970. */
  readonly now: () => number;
  /** A fresh random UUID. */
  readonly newId: () => string;
  /** Looks on while scripts run; absent in operation. */
  readonly observeScript?: ScriptObserver | undefined;
}
