import type { MapperResult } from '../mapping/runMapper.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import type { ScriptRun } from '../ports/scriptRun.ts';
import type { Adaptable, Signal } from '../protocol/signal.ts';

/** What a stage of the line came to. In the order of the line, message by message. */
export type PipelineStep =
  | { readonly stage: 'failed'; readonly at: FailingStage; readonly error: unknown }
  | { readonly stage: 'script'; readonly run: ScriptRun }
  | { readonly stage: 'enforcementInput'; readonly input: string }
  | { readonly stage: 'inboundMapper'; readonly mapper: string; readonly result: MapperResult<Adaptable> }
  | { readonly stage: 'signal'; readonly signal: Signal }
  | { readonly stage: 'authorization'; readonly subjects: readonly string[] }
  | { readonly stage: 'headerMapping'; readonly headers: DittoHeaders }
  | { readonly stage: 'acknowledgements'; readonly headers: DittoHeaders }
  | { readonly stage: 'enforcement' }
  | { readonly stage: 'protocolMessage'; readonly adaptable: Adaptable }
  | {
      readonly stage: 'outboundMapper';
      readonly mapper: string;
      readonly result: MapperResult<ExternalMessage>;
    }
  | { readonly stage: 'outboundHeaders'; readonly headers: DittoHeaders }
  | { readonly stage: 'address'; readonly address: string | undefined };

/** Stages whose failure ends the way of a message; that of a mapper is part of its result. */
export type FailingStage =
  | 'enforcementInput'
  | 'signal'
  | 'authorization'
  | 'headerMapping'
  | 'acknowledgements'
  | 'enforcement'
  | 'protocolMessage'
  | 'outboundHeaders'
  | 'address';

/** Looks on while a message goes through the line; for the dry run. */
export type PipelineObserver = (step: PipelineStep) => void;
