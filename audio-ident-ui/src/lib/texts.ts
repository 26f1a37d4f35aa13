// Every text of the page, in one place, ready for another language.

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
  theme: { label: 'Theme', auto: 'as the system', light: 'light', dark: 'dark' },
  serviceDown: 'The service does not answer. This page tries again by itself.',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  unknownArtist: 'Unknown artist',
  play: 'Play',
  pause: 'Pause',
  identify: {
    title: 'What is playing?',
    lead: 'Hold the button or tap it, and let it listen.',
    start: 'Listen with the microphone',
    stop: 'Stop and identify',
    asking: 'Waiting for the microphone…',
    listening: (seconds: number) => `Listening… ${seconds} s`,
    aMoment: 'A moment more…',
    searching: 'Searching your library…',
    choose: 'Choose a file',
    drop: 'or drop or paste a recording anywhere on this page',
    example: 'No music at hand? Try 8 seconds of one of your tracks, with noise',
    noExample: 'No track of your library will do as an example.',
    empty: 'Your library is empty: there is nothing to recognise yet.',
    dropHere: 'Drop it to identify it',
    again: 'Identify another',
    mode: 'Look for',
    modes: { exact: 'The recording', vibe: 'Sounds alike', both: 'Both' },
    insecure:
      'The browser keeps the microphone from pages without encryption. Record with your device and choose the file, or open this page at http://localhost on the machine itself, or put a proxy with TLS before the service.',
    capture: 'Record with this device',
    denied: 'The microphone is blocked for this page. Allow it beside the address, or choose a file.',
    noMicrophone: 'No microphone was found. Choose a file instead.'
  },
  trim: {
    title: 'Which part?',
    lead: (seconds: number) => `The file is long. ${seconds} s are enough: move the window to a part with music.`,
    start: 'Beginning of the part',
    go: 'Identify this part'
  },
  answer: {
    found: 'Found it',
    confidence: (percent: number) => {
      const word = percent >= 99 ? 'Certain' : percent >= 90 ? 'Very likely' : percent >= 70 ? 'Likely' : 'Perhaps';
      return `${word} · ${percent} %`;
    },
    at: (time: string, length: string) => `Heard at ${time} of ${length}`,
    faster: (percent: number) => `played ${percent} % faster than the track`,
    slower: (percent: number) => `played ${percent} % slower than the track`,
    other: 'Perhaps another version of the same piece',
    compare: 'Compare',
    theTrack: 'The track',
    yourClip: 'Your clip',
    position: 'Position',
    page: 'About this track',
    more: 'Other recordings it may be',
    cannotPlay: 'This browser cannot play the file.'
  },
  vibe: {
    title: 'Sounds like it',
    none: 'Nothing in your library sounds much like it.',
    noneElse: 'Nothing else in your library sounds much like it.',
    similarity: (percent: number) => `${percent} % alike`,
    moreLikeThis: 'More like this',
    states: {
      unavailable: 'Finding music that sounds alike is not set up on this service.',
      failed: 'Looking for music that sounds alike did not work this time.',
      timeout: 'Looking for music that sounds alike took too long.'
    }
  },
  exactStates: {
    unavailable: 'Recognising recordings is not available right now.',
    failed: 'Recognising the recording did not work this time.',
    timeout: 'Recognising the recording took too long.'
  },
  notFound: {
    title: 'Not in your library',
    causes: {
      music: 'The clip sounds fine; no track of your library matches it.',
      quiet: 'The recording is very quiet.',
      speech: 'This sounds mostly like someone speaking.',
      short: 'The clip is short.'
    },
    tips: {
      music: 'Perhaps the recording is not in the library yet, or it is a live or cover version. You can add it.',
      quiet: 'Go nearer to the loudspeaker, or turn the music up.',
      speech: 'Try again while only the music plays.',
      short: 'Let it listen for 5 to 10 seconds.'
    }
  },
  errors: {
    UNSUPPORTED_FORMAT: 'That is not audio this service can read.',
    AUDIO_TOO_SHORT: 'The clip is too short: it takes at least 3 seconds of music.',
    AUDIO_TOO_LONG: 'The clip is too long: 10 minutes at most.',
    FILE_TOO_LARGE: 'The file is too large.',
    SEARCH_TIMEOUT: 'The search took too long. Try a shorter clip.',
    SERVICE_UNAVAILABLE: 'The service is busy, or a part of it is not available. Try again in a moment.',
    RATE_LIMITED: 'Too many requests. Wait a moment.',
    UNAUTHORIZED: 'This key is not the right one.',
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
    format: 'Format',
    file: 'File',
    size: 'Size',
    added: 'Added',
    hash: 'SHA-256',
    similar: 'Similar tracks',
    noSimilar: 'This track cannot be compared by sound yet; the status page says why.',
    remove: 'Remove from the library',
    removeTitle: 'Remove this track?',
    removeText: 'It will not be found any more. A file that was not uploaded stays where it is.',
    doRemove: 'Remove'
  },
  key: {
    title: 'The admin key',
    text: 'Changes to the library need the key that the service was started with (ADMIN_API_KEY). It is kept until this tab closes.',
    label: 'Key',
    use: 'Use it'
  },
  add: {
    title: 'Add music',
    upload: 'Upload files',
    uploadLead: 'They are kept by the service. One file holds at most 1 GB.',
    choose: 'Choose files',
    folder: 'A folder on the server',
    folderLead: 'Files stay where they are. The folder lies below one of INGEST_ROOTS.',
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
    retryFailed: 'Try the failed ones again',
    startAgain: 'Start again',
    jobs: 'Folders being added',
    job: { queued: 'waiting', running: 'running', finished: 'finished', cancelled: 'cancelled', failed: 'failed' },
    progress: (done: number, total: number | null) => (total === null ? `${done} files` : `${done} of ${total} files`),
    rate: (filesPerMinute: number) => `${filesPerMinute} files a minute`,
    left: (time: string) => `${time} left`,
    report: (added: number, duplicates: number, unchanged: number) =>
      `${added} added, ${duplicates} duplicates, ${unchanged} known already`,
    failures: (count: number) => (count === 1 ? '1 file failed' : `${count} files failed`),
    forget: 'Remove from this list'
  },
  status: {
    title: 'Status',
    good: 'Everything works.',
    partly: 'It works. Something is left to do.',
    bad: 'Something needs attention.',
    catalog: 'The list of tracks',
    fingerprint_index: 'The index of fingerprints',
    vector_index: 'The sound-alike index',
    ok: 'answers',
    unavailable: 'does not answer',
    tracks: 'Tracks',
    recognised: 'Can be recognised',
    alike: 'Can be compared by sound',
    all: (total: number) => (total === 0 ? 'none yet' : `all ${total.toLocaleString('en')}`),
    some: (done: number, total: number) => `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    notSetUp: 'not set up',
    unfinished: (count: number) =>
      `${count === 1 ? '1 track was' : `${count.toLocaleString('en')} tracks were`} begun and not completed. Add the folder again: what is done already is passed over.`,
    rebuild: 'Some tracks are not in the index of fingerprints. On the server, run: audio-ident rebuild-index',
    reembed: 'Some tracks cannot be compared by sound yet. On the server, run: audio-ident reembed',
    version: 'Version',
    api: 'API version',
    parts: 'Made with',
    apiLink: 'The API, for programs'
  },
  history: {
    title: 'History',
    lead: 'What you identified with this browser. It is stored here only.',
    empty: 'Nothing yet. What you identify appears here.',
    notFound: 'Not found',
    alike: 'Sounds like',
    export: 'Export',
    clear: 'Clear'
  }
};
