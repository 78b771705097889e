import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { notebookPlugin } from './notebook';
import { modelPlugin, panelPlugin } from './plugin';
import { trustPlugin } from './trust';
import { provenancePlugin } from './provenance';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  modelPlugin,
  panelPlugin,
  notebookPlugin,
  trustPlugin,
  provenancePlugin
];

export default plugins;
