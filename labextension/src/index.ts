import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { notebookPlugin } from './notebook';
import { modelPlugin, panelPlugin } from './plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [modelPlugin, panelPlugin, notebookPlugin];

export default plugins;
