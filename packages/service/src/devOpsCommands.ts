import type { SingleHandler } from '@hawser/actors';
import { retrieveConfigResponse } from '@hawser/core';
import type { Config } from './config/config.ts';
import { configAt } from './configView.ts';

/** `/user/devOpsCommandsActor` as far as it takes piggyback commands (base/service/.../devops/DevOpsCommandsActor.java). */
export const devOpsCommands =
  (config: Config): SingleHandler =>
  (command, headers) => {
    if (command.type !== 'common.commands:retrieveConfig') return undefined;
    const { path } = command;
    return { json: retrieveConfigResponse(path, configAt(config, path)), headers };
  };
