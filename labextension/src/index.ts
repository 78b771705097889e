import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'pixi-jupyter:plugin',
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    console.debug('pixi-jupyter', app.name);
  }
};

export default plugin;
