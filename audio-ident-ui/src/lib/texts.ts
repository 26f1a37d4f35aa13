// All texts of the page, in one place, ready for translation.

export const texts = {
  name: 'audio-ident',
  skip: 'Skip to the content',
  nav: {
    label: 'Main',
    identify: 'Identify',
    library: 'Library',
    add: 'Add music',
    history: 'History',
    status: 'Status'
  },
  theme: { label: 'Theme', auto: 'like the system', light: 'light', dark: 'dark' },
  serviceDown: 'The service does not answer. This page keeps trying.',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  unknownArtist: 'Unknown artist',
  play: 'Play',
  pause: 'Pause',
  identify: {
    title: 'What is playing?',
    lead: 'Hold the button, or tap it, and let it listen.',
    start: 'Listen with the microphone',
    stop: 'Stop and identify',
    asking: 'Waiting for the microphone…',
    listening: (seconds: number) => `Listening… ${seconds} s`,
    aMoment: 'One more moment…',
    searching: 'Searching your library…',
    choose: 'Choose a file',
    drop: 'or drop or paste a recording anywhere on this page',
    example: 'No music at hand? Try 8 seconds of one of your tracks with added noise',
    noExample: 'None of your tracks can serve as an example.',
    empty: 'Your library is empty, so there is nothing to recognise yet.',
    dropHere: 'Drop it to identify it',
    again: 'Identify another',
    mode: 'Look for',
    modes: { exact: 'The recording', vibe: 'Sounds alike', both: 'Both' },
    insecure:
      'Browsers allow the microphone on encrypted pages only. Record with your device and choose the file, open this page as http://localhost on the machine itself, or put a TLS proxy in front of the service.',
    capture: 'Record with this device',
    denied: 'The microphone is blocked for this page. Allow it next to the address, or choose a file.',
    noMicrophone: 'No microphone was found. Choose a file instead.'
  },
  trim: {
    title: 'Which part?',
    lead: (seconds: number) => `The file is long, and ${seconds} s are enough. Move the window to a part with music.`,
    start: 'Start of the part',
    go: 'Identify this part'
  },
  answer: {
    found: 'Found it',
    confidence: (percent: number) => {
      const word = percent >= 99 ? 'Certain' : percent >= 90 ? 'Very likely' : percent >= 70 ? 'Likely' : 'Perhaps';
      return `${word} · ${percent} %`;
    },
    at: (time: string, length: string) => `Heard at ${time} of ${length}`,
    begins: (time: string) => `Begins ${time} into your recording`,
    faster: (percent: number) => `played ${percent} % faster than the track`,
    slower: (percent: number) => `played ${percent} % slower than the track`,
    other: 'Perhaps another version of the same recording',
    compare: 'Compare',
    theTrack: 'The track',
    yourClip: 'Your clip',
    position: 'Position',
    page: 'About this track',
    more: 'Other possible recordings',
    cannotPlay: 'This browser cannot play the file.'
  },
  vibe: {
    title: 'Sounds like it',
    none: 'Nothing in your library sounds very similar.',
    noneElse: 'Nothing else in your library sounds very similar.',
    similarity: (percent: number) => `${percent} % alike`,
    moreLikeThis: 'More like this',
    states: {
      unavailable: 'Search by sound is not set up on this service.',
      failed: 'Search by sound failed this time.',
      timeout: 'Search by sound took too long.'
    }
  },
  exactStates: {
    unavailable: 'Recognition is not available right now.',
    failed: 'Recognition failed this time.',
    timeout: 'Recognition took too long.'
  },
  notFound: {
    title: 'Not in your library',
    causes: {
      music: 'The clip sounds fine, but no track in your library matches it.',
      quiet: 'The recording is very quiet.',
      speech: 'This sounds mostly like someone speaking.',
      short: 'The clip is short.'
    },
    tips: {
      music: 'The recording may not be in your library yet, or it may be a live or cover version. You can add it.',
      quiet: 'Move closer to the loudspeaker, or turn up the music.',
      speech: 'Try again when only the music is playing.',
      short: 'Let it listen for 5 to 10 seconds.'
    }
  },
  errors: {
    UNSUPPORTED_FORMAT: 'The service cannot read this file as audio.',
    AUDIO_TOO_SHORT: 'The clip is too short. A search needs at least 3 seconds of music.',
    AUDIO_TOO_LONG: 'The clip is too long. The limit is 10 minutes.',
    FILE_TOO_LARGE: 'The file is too large.',
    SEARCH_TIMEOUT: 'The search took too long. Try a shorter clip.',
    SERVICE_UNAVAILABLE: 'The service is busy, or part of it is not available. Try again in a moment.',
    RATE_LIMITED: 'Too many requests. Wait a moment.',
    UNAUTHORIZED: 'This key is wrong.',
    FORBIDDEN: 'The service does not allow this.',
    NOT_FOUND: 'There is nothing here.',
    FILE_NOT_FOUND: 'The audio file of this track is gone.',
    DIRECTORY_NOT_FOUND: 'There is no such folder on the server.',
    NETWORK: 'The service cannot be reached.',
    OTHER: 'That did not work.'
  } as Record<string, string>,
  library: {
    title: 'Library',
    search: 'Search title or artist',
    sort: 'Sort by',
    order: { asc: 'ascending', desc: 'descending' },
    reverse: 'Reverse the order',
    count: (total: number) => (total === 1 ? '1 track' : `${total.toLocaleString('en')} tracks`),
    empty: 'Your library is empty.',
    nothing: 'No track matches.',
    page: (page: number, pages: number) => `Page ${page.toLocaleString('en')} of ${pages.toLocaleString('en')}`,
    previous: 'Previous',
    next: 'Next',
    first: 'First',
    last: 'Last',
    columns: { title: 'Title', artist: 'Artist', album: 'Album', duration: 'Length', added: 'Added' }
  },
  track: {
    missing: 'There is no such track',
    backToLibrary: 'Back to the library',
    recognised: 'Can be recognised',
    yes: 'yes',
    no: 'not yet',
    vibe: 'Sound-alike search',
    vibeWith: (model: string) => `yes, with ${model}`,
    length: 'Length',
    damage: 'Damage',
    endsEarly: (seconds: number, stated: number) => `ends after ${seconds.toFixed(1)} of ${stated.toFixed(1)} s`,
    damagedFrames: (count: number) => (count === 1 ? '1 frame damaged' : `${count} frames damaged`),
    stream: 'Audio stream',
    streamOf: (stream: number, streams: number) => `${stream} of ${streams}`,
    format: 'Format',
    file: 'File',
    size: 'Size',
    added: 'Added',
    hash: 'SHA-256',
    similar: 'Similar tracks',
    noSimilar: 'This track cannot be compared by sound yet. The status page says why.',
    remove: 'Remove from the library',
    removeTitle: 'Remove this track?',
    removeText: 'Searches will no longer find it. Its file stays where it is, unless it was uploaded.',
    doRemove: 'Remove'
  },
  key: {
    title: 'The admin key',
    text: 'Changes to the library need the key that the service was started with (ADMIN_API_KEY). It is kept until this tab closes.',
    label: 'Key',
    use: 'Use it'
  },
  formats: { title: 'Formats and files' },
  add: {
    title: 'Add music',
    upload: 'Upload files',
    uploadLead: 'The service keeps a copy. The limit is 1 GB per file.',
    formats: 'Which files work',
    choose: 'Choose files',
    folder: 'A folder on the server',
    folderLead: 'Files stay where they are. The folder must be inside one of INGEST_ROOTS.',
    folderLabel: 'Folder',
    folderGo: 'Add the folder',
    states: {
      waiting: 'waiting',
      sending: 'sending',
      working: 'being read',
      ingested: 'added',
      duplicate: 'already there',
      error: 'failed'
    },
    retry: 'Retry',
    retryFailed: 'Try all failed files again',
    startAgain: 'Start again',
    jobs: 'Folders being added',
    job: { queued: 'waiting', running: 'running', finished: 'finished', cancelled: 'cancelled', failed: 'failed' },
    progress: (done: number, total: number | null) => (total === null ? `${done} files` : `${done} of ${total} files`),
    rate: (filesPerMinute: number) => `${filesPerMinute} files a minute`,
    left: (time: string) => `${time} left`,
    report: (added: number, duplicates: number, unchanged: number) =>
      `${added} added, ${duplicates} duplicates, ${unchanged} already known`,
    notes: (count: number) => (count === 1 ? '1 file needs a look' : `${count} files need a look`),
    failures: (count: number) => (count === 1 ? '1 file failed' : `${count} files failed`),
    forget: 'Remove from this list'
  },
  status: {
    title: 'Status',
    good: 'Everything works.',
    partly: 'It works, but something is left to do.',
    bad: 'Something needs attention.',
    catalog: 'Track catalog',
    fingerprint_index: 'Fingerprint index',
    vector_index: 'Index for search by sound',
    ok: 'answers',
    unavailable: 'does not answer',
    tracks: 'Tracks',
    recognised: 'Can be recognised',
    alike: 'Can be compared by sound',
    all: (total: number) => (total === 0 ? 'none yet' : `all ${total.toLocaleString('en')}`),
    some: (done: number, total: number) => `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    notSetUp: 'not set up',
    unfinished: (count: number) =>
      `${count === 1 ? '1 track was' : `${count.toLocaleString('en')} tracks were`} started but not completed. Add the folder again; files that are done are skipped.`,
    rebuild: 'Some tracks are missing from the fingerprint index. On the server, run: audio-ident rebuild-index',
    reembed: 'Some tracks cannot be compared by sound yet. On the server, run: audio-ident reembed',
    version: 'Version',
    api: 'API version',
    parts: 'Built with',
    apiLink: 'API documentation'
  },
  history: {
    title: 'History',
    lead: 'What you identified with this browser. It is stored only here.',
    empty: 'Nothing yet. What you identify appears here.',
    notFound: 'Not found',
    alike: 'Sounds like',
    export: 'Export',
    clear: 'Clear'
  }
};
