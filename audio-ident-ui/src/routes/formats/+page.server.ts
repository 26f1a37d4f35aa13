import { marked } from 'marked';
import text from '../../../../docs/formats-and-files.md?raw';

// The service does not serve the other documents, so links to them become plain words.
const renderer = new marked.Renderer();
renderer.link = ({ text }) => text;

/** The document, as the page that is built once. */
export const load = () => ({ html: marked.parse(text, { renderer, async: false }) });
