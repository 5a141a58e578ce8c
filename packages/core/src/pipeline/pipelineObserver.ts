import type { JsonObject } from '../json/jsonValue.ts';
import type { MapperResult } from '../mapping/runMapper.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import type { Adaptable, Signal } from '../protocol/signal.ts';

/** What a stage of the line came to; a stage that throws reports nothing. In the order of the line. */
export type PipelineStep =
  | { readonly stage: 'enforcementInput'; readonly input: string }
  | { readonly stage: 'inboundMapper'; readonly mapper: string; readonly result: MapperResult<Adaptable> }
  | { readonly stage: 'signal'; readonly signal: Signal }
  | { readonly stage: 'authorization'; readonly subjects: readonly string[] }
  | { readonly stage: 'headerMapping'; readonly headers: DittoHeaders }
  | { readonly stage: 'acknowledgements'; readonly headers: DittoHeaders }
  | { readonly stage: 'enforcement' }
  | {
      readonly stage: 'protocolMessage';
      readonly adaptable: Adaptable;
      readonly extra: JsonObject | undefined;
    }
  | {
      readonly stage: 'outboundMapper';
      readonly mapper: string;
      readonly result: MapperResult<ExternalMessage>;
    }
  | { readonly stage: 'outboundHeaders'; readonly headers: DittoHeaders }
  | { readonly stage: 'address'; readonly address: string | undefined };

/** Looks on while a message goes through the line; for the dry run. */
export type PipelineObserver = (step: PipelineStep) => void;
