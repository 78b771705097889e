import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { modelPlugin, panelPlugin } from './plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [modelPlugin, panelPlugin];

export default plugins;
