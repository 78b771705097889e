"""The look of the task widgets; of JupyterLab's variables, so that it is dark where that is.

The names of its own: the page may have rules of the panel, too.
"""

_SVG = "url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>%s</svg>\")"
_LINE = "fill='none' stroke='black' stroke-width='1.4' stroke-linecap='round' stroke-linejoin='round'"
_ICONS = {
    "search": "<circle %s cx='7' cy='7' r='4.2'/><path %s d='M10.2 10.2l3.3 3.3'/>"
    % (_LINE, _LINE),
    "play": "<path d='M5 3.2v9.6L12.6 8z'/>",
    "down": "<path %s d='M4.5 6.5L8 10l3.5-3.5'/>" % _LINE,
    "check": "<path %s d='M3.5 8.5l3 3 6-7'/>" % _LINE,
    "none": "<circle fill='none' stroke='black' stroke-width='1.4' cx='8' cy='8' r='5.2'"
    " stroke-dasharray='2.04 2.04'/>",
    "bad": "<path fill-rule='evenodd' d='M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6z"
    "M7.2 4.4h1.6v4.8H7.2zM7.2 10.3h1.6v1.6H7.2z'/>",
    "cached": "<circle %s cx='8' cy='8' r='5.4'/><path %s d='M5.6 8.2l1.7 1.7 3-3.6'/>"
    % (_LINE, _LINE),
}

_RULES = """
.pjk-Tasks { container: pjk-tasks / inline-size; max-width: 720px; margin: 2px 0;
  border: 1px solid var(--jp-border-color2, #ddd); border-radius: var(--jp-border-radius, 2px);
  font: var(--jp-ui-font-size1, 13px)/1.3 var(--jp-ui-font-family, system-ui, sans-serif);
  color: var(--jp-ui-font-color1, inherit);
  --pjk-meta: calc(var(--jp-ui-font-size1, 13px) * .923);
  --pjk-small: calc(var(--jp-ui-font-size1, 13px) * .846);
  --pjk-quiet: var(--jp-ui-font-color2, #666);
  --pjk-ok: var(--jp-success-color1, #388e3c); --pjk-bad: var(--jp-error-color1, #d32f2f);
  --pjk-attn: var(--jp-warn-color0, #e65100); --pjk-busy: var(--jp-brand-color1, #1976d2);
  --pjk-hover: color-mix(in srgb, var(--jp-layout-color2, #eee) 55%, transparent); }
.pjk-Tasks, .pjk-Tasks .widget-box { overflow: visible; }
.pjk-Tasks .widget-html, .pjk-Tasks .widget-box { margin: 0; height: auto; min-width: 0; }
.pjk-Tasks .widget-html > .widget-html-content { font: inherit; line-height: inherit;
  color: inherit; align-self: center; }
.pjk-Tasks .widget-html > .widget-label { display: none; }
.pjk-Tasks .pjk-hidden.pjk-hidden { display: none; }
.pjk-Tasks .pjk-strong { font-weight: 600; }
.pjk-Tasks .pjk-meta { font-size: var(--pjk-meta); color: var(--pjk-quiet); }
.pjk-Tasks .pjk-code { font-family: var(--jp-code-font-family, monospace); background: none; padding: 0; }

.pjk-st { display: inline-block; flex: none; width: 16px; height: 16px; background: currentColor;
  -webkit-mask: var(--i, linear-gradient(transparent, transparent)) center / 100% no-repeat;
  mask: var(--i, linear-gradient(transparent, transparent)) center / 100% no-repeat;
  color: var(--pjk-quiet); }
.pjk-st[data-state='succeeded'] { --i: ICON-check; color: var(--pjk-ok); }
.pjk-st[data-state='failed'] { --i: ICON-bad; color: var(--pjk-bad); }
.pjk-st[data-state='cached'] { --i: ICON-cached; }
.pjk-st:is([data-state='waiting'], [data-state='skipped'], [data-state='cancelled']) { --i: ICON-none;
  color: var(--jp-ui-font-color3, #999); }
.pjk-st[data-state='running'] { --ring: radial-gradient(closest-side, transparent 60%, #000 66%, #000 92%, transparent 98%);
  -webkit-mask: var(--ring); mask: var(--ring); animation: pjk-spin 1.2s linear infinite;
  background: conic-gradient(var(--pjk-busy) 30%, var(--jp-border-color1, #bdbdbd) 0); }
@keyframes pjk-spin { to { transform: rotate(1turn); } }

.pjk-Tasks .pjk-Tasks-head { align-items: center; gap: 8px; padding: 0 8px 0 12px; min-height: 32px;
  border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.pjk-Tasks-head > .widget-html { flex: 1 1 auto; }
.pjk-Tasks-head .pjk-meta { margin-left: 4px; }
.pjk-Tasks .pjk-Item + .pjk-Item { border-top: 1px solid var(--jp-border-color3, #e8e8e8); }
.pjk-Tasks .pjk-Line { align-items: center; gap: 8px; padding: 4px 8px 4px 12px; min-height: 26px; }
.pjk-Line > .widget-html { flex: 1 1 0; }
.pjk-Line > .widget-html > .widget-html-content { flex: 1 1 auto; min-width: 0; }
.pjk-Task { display: grid; grid-template-columns: 16px minmax(90px, 140px) minmax(0, 1fr) auto;
  column-gap: 8px; align-items: center; }
.pjk-Task > .pjk-name { font-weight: 500; line-height: 20px; }
.pjk-Task > :is(.pjk-name, .pjk-desc) { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pjk-Task > :is(.pjk-desc, .pjk-right) { color: var(--pjk-quiet); font-size: var(--pjk-meta); }
.pjk-Tasks :is(.pjk-right, .pjk-Chain) { font-variant-numeric: tabular-nums; }
.pjk-Task > .pjk-right { white-space: nowrap; }

.pjk-Tasks .jupyter-button { font: inherit; font-size: var(--pjk-meta); line-height: 1; width: auto; margin: 0;
  height: 24px; padding: 0 10px; display: inline-flex; align-items: center; justify-content: center; gap: 4px;
  color: var(--jp-ui-font-color1, inherit); background: transparent; box-shadow: none; flex: none;
  border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: var(--jp-border-radius, 2px);
  cursor: pointer; transition: background 120ms ease; box-sizing: border-box; }
.pjk-Tasks .jupyter-button:hover { background: var(--pjk-hover); box-shadow: none; }
.pjk-Tasks .jupyter-button:is(:focus-visible, .pjk-Scroll:focus-visible) {
  outline: var(--jp-focus-outline-width, 2px) solid var(--jp-focus-outline-color, #1976d2); outline-offset: -1px; }
.pjk-Tasks .jupyter-button.pjk-mod-row { height: 20px; padding: 0 8px; }
.pjk-Tasks .jupyter-button.pjk-mod-run::before { content: ''; width: 12px; height: 12px; background: currentColor;
  -webkit-mask: ICON-play center / 12px no-repeat; mask: ICON-play center / 12px no-repeat; }
.pjk-Tasks .jupyter-button.pjk-mod-accept { color: #fff; border-color: transparent; font-weight: 600;
  background: var(--jp-accept-color-normal, var(--jp-brand-color1, #1976d2)); }
.pjk-Tasks .jupyter-button.pjk-mod-accept:hover { background: var(--jp-accept-color-hover, var(--jp-brand-color0, #0d47a1)); }
.pjk-Tasks .jupyter-button:is(.pjk-mod-search, .pjk-mod-open) { width: 24px; height: 24px; padding: 0; border: 0;
  color: var(--pjk-quiet); font-size: 0; }
.pjk-Tasks .jupyter-button.pjk-mod-open { height: 20px; width: 20px; }
.pjk-Tasks .jupyter-button:is(.pjk-mod-search, .pjk-mod-open)::before { content: ''; width: 16px; height: 16px;
  background: currentColor; -webkit-mask: var(--i) center / 16px no-repeat; mask: var(--i) center / 16px no-repeat; }
.pjk-Tasks .pjk-mod-search { --i: ICON-search; }
.pjk-Tasks .pjk-mod-open { --i: ICON-down; }
.pjk-Tasks .pjk-mod-open.pjk-is-open::before { transform: rotate(180deg); }

.pjk-Tasks .pjk-Open { padding: 2px 12px 12px 36px; gap: 8px; }
.pjk-Open > .widget-html:has(> .widget-html-content:empty) { display: none; }
.pjk-Tasks .pjk-Form { gap: 6px; margin: 4px 0 2px; }
.pjk-Tasks .pjk-Argument { display: grid; grid-template-columns: minmax(0, 330px) minmax(0, 1fr); gap: 2px 10px;
  align-items: center; }
.pjk-Argument :is(.widget-text, .widget-dropdown) { width: auto; margin: 0; height: 26px; min-width: 0; }
.pjk-Argument .widget-label { width: 84px; min-width: 84px; text-align: left; margin: 0 6px 0 0; line-height: 26px;
  font-size: var(--pjk-meta); color: inherit; overflow: hidden; text-overflow: ellipsis; }
.pjk-Argument :is(input, select) { font: inherit; font-size: var(--jp-ui-font-size1, 13px); height: 26px; line-height: 24px;
  padding: 0 8px; box-sizing: border-box; color: inherit; background-color: var(--jp-layout-color1, transparent);
  border: 1px solid var(--jp-border-color1, #bdbdbd); border-radius: var(--jp-border-radius, 2px); min-width: 0; }
.pjk-Tasks .pjk-Argument select { appearance: none; padding-right: 26px;
  background-image: GREY-down; background-repeat: no-repeat; background-position: right 6px center; background-size: 16px; }
.pjk-Argument :is(input, select):focus { border-color: var(--jp-input-active-border-color, #1976d2);
  box-shadow: 0 0 0 1px var(--jp-input-active-border-color, #1976d2); outline: none; }
.pjk-Argument select option { color: var(--jp-ui-font-color1, #000); background: var(--jp-layout-color1, #fff); }
.pjk-Argument small { font-size: var(--pjk-small); }
.pjk-Tasks .pjk-acts { flex-flow: row wrap; gap: 6px; align-items: center; margin-top: 4px; }
.pjk-acts > .widget-html { flex: 1 1 200px; font-size: var(--pjk-meta); }
.pjk-acts .pjk-code { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pjk-acts .widget-html-content { min-width: 0; }

.pjk-Chain { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; font-size: var(--pjk-meta);
  margin: 2px 0 0; list-style: none; padding: 0; }
.pjk-Chain li { display: flex; align-items: center; gap: 4px; margin: 0; }
.pjk-Chain li:not(:last-child)::after { content: '→'; color: var(--pjk-quiet); margin-left: 2px; }
.pjk-Chain .pjk-st { width: 14px; height: 14px; }

.pjk-Tasks .pjk-Scroll { display: flex; flex-flow: column-reverse nowrap; overflow: auto; max-height: 255px; padding: 8px 10px;
  background: var(--jp-cell-editor-background, #f5f5f5); border: 1px solid var(--jp-border-color2, #ddd);
  border-radius: var(--jp-border-radius, 2px); }
.pjk-Tasks .pjk-Scroll > .widget-box { flex: none; overflow: visible; min-width: max-content; }
.pjk-Scroll .widget-html-content:empty { display: none; }
.pjk-Scroll pre { margin: 0; padding: 0; background: none; border: 0; white-space: pre; color: inherit; overflow: visible;
  font: var(--pjk-small)/17px var(--jp-code-font-family, monospace); }
.pjk-Tasks :is(.pjk-quiet, .pjk-dim) { color: var(--pjk-quiet); } .pjk-Tasks .pjk-bold { font-weight: 600; }
.pjk-Tasks :is(.pjk-bad, .pjk-red) { color: var(--pjk-bad); } .pjk-Tasks .pjk-green { color: var(--pjk-ok); }
.pjk-Tasks .pjk-yellow { color: var(--pjk-attn); } .pjk-Tasks .pjk-blue { color: var(--pjk-busy); }
.pjk-Tasks .pjk-cyan { color: var(--jp-info-color1, #0097a7); }
.pjk-Tasks .pjk-magenta { color: color-mix(in srgb, #c218c2 80%, var(--jp-ui-font-color1, #000)); }

.pjk-Tasks .jupyter-widgets-disconnected::before, .pjk-Tasks.jupyter-widgets-disconnected::before { display: none !important; }
.pjk-Tasks .jupyter-button.jupyter-widgets-disconnected { display: none; }
.pjk-Tasks .jupyter-widgets-disconnected .pjk-st { animation: none; }
.pjk-Tasks .pjk-Tasks-head.jupyter-widgets-disconnected::after { content: 'Run the cell again to have the buttons.';
  font-size: var(--pjk-meta); color: var(--pjk-quiet); white-space: nowrap; }

@container pjk-tasks (max-width: 480px) {
  .pjk-Task { grid-template-columns: 16px minmax(0, 1fr) auto; }
  .pjk-Task > .pjk-desc { grid-column: 2 / -1; grid-row: 2; margin-bottom: 2px; white-space: normal; }
  .pjk-Tasks .pjk-Line { align-items: flex-start; }
  .pjk-Tasks .pjk-Open { padding-left: 12px; }
  .pjk-Tasks .pjk-Argument { grid-template-columns: minmax(0, 1fr); }
  .pjk-Argument small { margin-left: 90px; }
}
@media (prefers-reduced-motion: reduce) { .pjk-st, .pjk-Tasks .jupyter-button { animation: none !important; transition: none; } }
@media (forced-colors: active) { .pjk-st { forced-color-adjust: none; background: CanvasText; } }
"""


def css() -> str:
    """Give the rules."""
    # a background takes no colour from the text: this one is seen on both themes
    grey = (_SVG % _ICONS["down"]).replace("stroke='black'", "stroke='%23888'")
    rules = _RULES.replace("GREY-down", grey)
    for name, drawing in _ICONS.items():
        rules = rules.replace("ICON-" + name, _SVG % drawing)
    return rules


CSS = css()

LIVE_CSS = ":is(.pjk-Static-MODEL, .jp-OutputArea-child:has(.pjk-Static-MODEL)) { display: none; }"
"""Hides the table while the widgets are there."""

STATIC_CSS = (
    ".jp-OutputArea-child:has(.pjk-Static-%s) + .jp-OutputArea-child:not(:has(.pjk-Tasks))"
    " { display: none; }"
)
"""Hides what a page says where the widgets would be, once they are gone."""
