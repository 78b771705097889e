import { LabIcon } from '@jupyterlab/ui-components';

/** A P of nine pixels; themes colour it. */
export const logoIcon = new LabIcon({
  name: 'pixi-jupyter:logo',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16">
  <g class="jp-icon3" fill="#616161">
    <rect x="2.2" y="0.4" width="3.4" height="3.4" rx=".5"/>
    <rect x="6.2" y="0.4" width="3.4" height="3.4" rx=".5"/>
    <rect x="10.2" y="0.4" width="3.4" height="3.4" rx=".5"/>
    <rect x="2.2" y="4.3" width="3.4" height="3.4" rx=".5"/>
    <rect x="10.2" y="4.3" width="3.4" height="3.4" rx=".5"/>
    <rect x="2.2" y="8.2" width="3.4" height="3.4" rx=".5"/>
    <rect x="6.2" y="8.2" width="3.4" height="3.4" rx=".5"/>
    <rect x="10.2" y="8.2" width="3.4" height="3.4" rx=".5"/>
    <rect x="2.2" y="12.1" width="3.4" height="3.4" rx=".5"/>
  </g>
</svg>`
});
