const NAME = 'audio-ident.key';

/** The admin's key: typed, kept until the tab closes, never part of the page. */
class Key {
  asking = $state(false);
  /** The one that was typed before did not do. */
  wrong = $state(false);
  private answer: ((given: boolean) => void) | null = null;

  get value(): string {
    return typeof sessionStorage === 'undefined' ? '' : (sessionStorage.getItem(NAME) ?? '');
  }

  /** Whether one was typed. */
  ask(): Promise<boolean> {
    this.give(null);
    this.wrong = this.value !== '';
    this.asking = true;
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  give(text: string | null): void {
    if (text) sessionStorage.setItem(NAME, text);
    this.asking = false;
    this.answer?.(!!text);
    this.answer = null;
  }
}

export const key = new Key();
