const NAME = 'audio-ident.key';

/** The admin's key. The user types it; it is kept until the tab closes and is never part of the page. */
class Key {
  asking = $state(false);
  /** The key typed before was rejected. */
  wrong = $state(false);
  private answer: ((given: boolean) => void) | null = null;

  get value(): string {
    return typeof sessionStorage === 'undefined' ? '' : (sessionStorage.getItem(NAME) ?? '');
  }

  /** Whether a key was typed. */
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
