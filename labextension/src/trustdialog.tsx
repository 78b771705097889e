import { Dialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Icon } from './panel/elements';
import { IQuestion, IRow } from './trustwords';

/** What our dialogs are known by. */
export const TRUST_CLASS = 'pj-TrustDialog';

let count = 0;

/** Ask a person; the safe answer has the focus, and is that of Esc. */
export async function ask(
  question: IQuestion,
  trans: TranslationBundle
): Promise<boolean> {
  const leave = Dialog.cancelButton({
    label: trans.__('Open without installing')
  });
  const label = question.accept;
  const act = question.isFlagged
    ? Dialog.warnButton({ label })
    : Dialog.okButton({ label });
  const dialog = new Dialog<void>({
    title: question.title,
    body: ReactWidget.create(<Body question={question} />),
    buttons: label ? [leave, act] : [leave],
    defaultButton: 0
  });
  describe(dialog);
  const { button } = await dialog.launch();
  return button.accept;
}

/** Say to those who cannot see it that it is a question, and which one. */
function describe(dialog: Dialog<unknown>): void {
  const { node } = dialog;
  dialog.addClass(TRUST_CLASS);
  node.setAttribute('role', 'alertdialog');
  count += 1;
  const parts = [
    ['aria-labelledby', '.jp-Dialog-header'],
    ['aria-describedby', '.jp-Dialog-body']
  ] as const;
  for (const [attribute, selector] of parts) {
    const part = node.querySelector(selector);
    if (part) {
      part.id = `pj-trust-${count}-${attribute}`;
      node.setAttribute(attribute, part.id);
    }
  }
}

function Body({ question }: { question: IQuestion }): JSX.Element {
  const { intro, rows, reasons, note } = question;
  return (
    <div className="pj-Trust">
      <p>{intro}</p>
      {rows.length > 0 && (
        <ul className="pj-Consent">
          {rows.map((row, number) => (
            <Row key={number} row={row} />
          ))}
        </ul>
      )}
      {reasons.length > 0 && (
        <ul className="pj-Consent">
          {reasons.map((reason, number) => (
            <li key={number} data-flag="">
              <Icon name="warn" />
              <span className="pj-Trust-reason">{reason}</span>
            </li>
          ))}
        </ul>
      )}
      {note && <p className="pj-quiet">{note}</p>}
    </div>
  );
}

function Row({ row }: { row: IRow }): JSX.Element {
  const { icon, label, lines, note, isFlagged } = row;
  return (
    <li data-flag={isFlagged ? '' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      <span>
        {lines.map((line, number) => (
          <div key={number}>{line}</div>
        ))}
        {note && <small>{note}</small>}
      </span>
    </li>
  );
}
