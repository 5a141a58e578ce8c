import { createMapperRegistry } from '../mapping/mapperRegistry.ts';
import type { Connection } from '../model/connection.ts';
import type { Signal } from '../protocol/signal.ts';
import { rememberLast } from '../remember.ts';
import { resolveLabels } from './compileConnectionLabels.ts';
import { compileSource } from './compileConnectionSource.ts';
import { compileReplyTarget, compileTarget } from './compileConnectionTarget.ts';
import type { CompiledConnection, CompiledTarget } from './compiledConnection.ts';
import { createOutboundMappings } from './outboundMapping.ts';
import type { PipelineEnvironment } from './pipelineEnvironment.ts';
import { compileTargetFilter, isOwn, viewOf } from './signalFilter.ts';

/**
 * Makes the route table of a connection: every template, filter and mapper is read here, none while messages pass.
 *
 * @throws DittoError for what is wrong with the connection: `rql.expression.invalid`, `json.fieldselector.invalid`,
 * `connectivity:message.mapper.config.failed`, …
 */
export function compileConnection(
  connection: Connection,
  environment: PipelineEnvironment,
): CompiledConnection {
  const { observe } = environment;
  const registry = createMapperRegistry(connection.mappingDefinitions, environment.engines, {
    ...environment,
    observeScript: observe && ((run) => observe({ stage: 'script', run })),
  });
  const labelsOf = (labels: readonly (string | undefined)[]): ReadonlySet<string> =>
    new Set(
      resolveLabels(
        labels.filter((label) => label !== undefined),
        connection.id,
      ),
    );
  const labels = {
    declared: labelsOf(connection.sources.flatMap(({ declaredAcks }) => declaredAcks)),
    issued: labelsOf(connection.targets.map((target) => target.issuedAcknowledgementLabel)),
  };
  const mappings = createOutboundMappings(registry, labels, environment);
  // A signal is selected, enriched and mapped in one go: what was found out about the last one serves all of them.
  const lastView = rememberLast((signal: Signal) =>
    viewOf(signal, { connectionId: connection.id, now: environment.now }),
  );
  const selected = connection.targets.map((target, index) => {
    const filter = compileTargetFilter(target);
    filter.check();
    const parts = { filter, viewOf: lastView, mappings, environment };
    return { filter, target: compileTarget(connection, target, index, parts) };
  });
  return {
    connection,
    close: () => registry.close(),
    sources: new Map(
      connection.sources.map((source) => [
        source.index,
        compileSource(connection, source, registry, environment),
      ]),
    ),
    replyTargets: new Map(
      connection.sources.flatMap((source): [number, CompiledTarget][] =>
        source.replyTarget === undefined || !source.replyTargetEnabled
          ? []
          : [[source.index, compileReplyTarget(connection, source.replyTarget, mappings, environment)]],
      ),
    ),
    targets: selected.map(({ target }) => target),
    selectTargets(signal, concerned) {
      if (isOwn(signal, connection.id)) return [];
      const view = lastView(signal);
      if (view.topic === undefined) return [];
      let targets: CompiledTarget[] | undefined;
      for (const { target, filter } of selected) {
        if (!filter.concerns(view)) continue;
        concerned?.(target);
        if (!filter.passes(view)) continue;
        if (targets === undefined) targets = [target];
        else targets.push(target);
      }
      return targets ?? [];
    },
  };
}
