/** What is shown once: a key, a secret, a link. */
import { t } from '../texts.ts';
import { Button, Copyable } from './basics.tsx';
import { Dialog } from './dialog.tsx';

/** It closes by its button alone: what it shows is never seen again. */
export function Made({
  title,
  text,
  secret,
  onClose,
}: {
  title: string;
  text: string;
  secret: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={title}>
      <p className="mb-3 text-dim">{text}</p>
      <Copyable text={secret} label={title} />
      <div className="mt-5 flex justify-end">
        <Button look="main" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </Dialog>
  );
}
