// Generated from /openapi.json by `make ui-types`: do not edit.

export interface paths {
    "/health": {
        /** Check that the process is running */
        get: operations["getHealth"];
    };
    "/health/ready": {
        /** Check that the stores answer */
        get: operations["getReadiness"];
    };
    "/api/v1/library": {
        /** Count the tracks, and those that each lane can find */
        get: operations["getLibrary"];
    };
    "/api/v1/version": {
        /** Get the versions of the program, the API and the linked libraries */
        get: operations["getVersion"];
    };
    "/metrics": {
        /** Get counters and durations in the format of Prometheus */
        get: operations["getMetrics"];
    };
    "/api/v1/search": {
        /** Identify a clip, and find tracks that sound like it */
        post: operations["search"];
    };
    "/api/v1/search/stations": {
        /** Find which stations played a clip in the last hours, and when */
        post: operations["searchStations"];
    };
    "/api/v1/tracks/{id}/similar": {
        /** Find tracks that sound like this track or a moment of it */
        get: operations["getSimilarTracks"];
    };
    "/api/v1/live": {
        /** Name what plays while it plays, over a WebSocket */
        get: operations["live"];
    };
    "/api/v1/tracks": {
        /** List the tracks of the library, one page at a time */
        get: operations["listTracks"];
    };
    "/api/v1/tracks/{id}": {
        /** Get everything that the library knows about a track */
        get: operations["getTrack"];
        /** Remove a track from the library; its file stays unless it was uploaded */
        delete: operations["deleteTrack"];
    };
    "/api/v1/tracks/{id}/audio": {
        /** Get the track's audio file, whole or a range of it */
        get: operations["getTrackAudio"];
    };
    "/api/v1/tracks/{id}/waveform": {
        /** Get the waveform of the track */
        get: operations["getTrackWaveform"];
    };
    "/api/v1/ingest": {
        /** Add an uploaded file, or start a job that adds a folder on the server */
        post: operations["ingest"];
    };
    "/api/v1/ingest/jobs/{id}": {
        /** Get the state and the report of an ingest job */
        get: operations["getIngestJob"];
        /** Cancel an ingest job; the tracks that it has added stay */
        delete: operations["cancelIngestJob"];
    };
    "/api/v1/ingest/jobs/{id}/events": {
        /** Follow an ingest job as server-sent events until it ends */
        get: operations["followIngestJob"];
    };
    "/api/v1/timelines": {
        /** List the timelines, newest first, one page at a time */
        get: operations["listTimelines"];
        /** Start a job that tells who plays when in a recording: an upload, or a file on the server */
        post: operations["makeTimeline"];
    };
    "/api/v1/timelines/{id}": {
        /** Get a timeline: what is decided so far, or the result */
        get: operations["getTimeline"];
        /** Stop and remove a timeline, with its recording if that was uploaded */
        delete: operations["deleteTimeline"];
    };
    "/api/v1/timelines/{id}/events": {
        /** Follow a timeline as server-sent events until it has ended */
        get: operations["followTimeline"];
    };
    "/api/v1/timelines/{id}/export": {
        /** Get a finished timeline as a file for other programs */
        get: operations["exportTimeline"];
    };
    "/api/v1/timelines/{id}/entries/{n}": {
        /** Accept or reject an entry, or choose one of its candidates */
        patch: operations["judgeTimelineEntry"];
    };
    "/api/v1/timelines/{id}/learn": {
        /** Cut a stretch out of the recording and add it to the library */
        post: operations["learnFromTimeline"];
    };
    "/api/v1/timelines/{id}/audio": {
        /** Get the recording of a timeline, whole or a range of it */
        get: operations["getTimelineAudio"];
    };
    "/api/v1/timelines/{id}/waveform": {
        /** Get the waveform of a recording, as far as it was heard */
        get: operations["getTimelineWaveform"];
    };
    "/api/v1/monitors": {
        /** List the stations that the service listens to, by name */
        get: operations["listMonitors"];
        /** Listen to a station, and keep a log of what it plays */
        post: operations["addMonitor"];
    };
    "/api/v1/monitors/{id}": {
        /** Get a monitor and how it is */
        get: operations["getMonitor"];
        /** Remove a monitor with its log */
        delete: operations["deleteMonitor"];
        /** Rename, pause or resume a monitor, or give it another source */
        patch: operations["changeMonitor"];
    };
    "/api/v1/monitors/{id}/outages": {
        /** List when the station could not be heard: the last 100, latest first */
        get: operations["listOutages"];
    };
    "/api/v1/monitors/{id}/sounds": {
        /** List unknown sounds that a station plays again and again */
        get: operations["listSounds"];
    };
    "/api/v1/monitors/{id}/sounds/{number}/plays": {
        /** List when a sound was played: the last 1,000, latest first */
        get: operations["listSoundPlays"];
    };
    "/api/v1/monitors/{id}/sounds/{number}/audio": {
        /** Get the audio of a sound, whole or a range of it */
        get: operations["getSoundAudio"];
    };
    "/api/v1/monitors/{id}/sounds/{number}/keep": {
        /** Name a sound and add it to the library */
        post: operations["keepSound"];
    };
    "/api/v1/plays": {
        /** List what the monitored stations played, newest first */
        get: operations["listPlays"];
    };
    "/api/v1/plays/export": {
        /** Get all plays as one file, JSON or CSV */
        get: operations["exportPlays"];
    };
    "/api/v1/plays/totals": {
        /** Count the plays of each track or artist, or of each day in UTC */
        get: operations["countPlays"];
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ErrorEnvelope: {
            error: {
                /** @enum {string} */
                code: "VALIDATION_ERROR" | "FILE_TOO_LARGE" | "UNSUPPORTED_FORMAT" | "AUDIO_TOO_SHORT" | "AUDIO_TOO_LONG" | "UNAUTHORIZED" | "FORBIDDEN" | "NOT_FOUND" | "FILE_NOT_FOUND" | "DIRECTORY_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "REQUEST_TIMEOUT" | "NOT_FINISHED" | "RANGE_NOT_SATISFIABLE" | "RATE_LIMITED" | "HEADERS_TOO_LARGE" | "INTERNAL_ERROR" | "SERVICE_UNAVAILABLE" | "SEARCH_TIMEOUT";
                message: string;
                details: Record<string, never>;
            };
        };
        Health: {
            status: string;
            version: string;
        };
        /** @enum {string} */
        StoreState: "ok" | "unavailable";
        StoreStates: {
            catalog: components["schemas"]["StoreState"];
            fingerprint_index: components["schemas"]["StoreState"];
            vector_index: components["schemas"]["StoreState"] | null;
            audio: components["schemas"]["StoreState"] | null;
        };
        Readiness: {
            status: components["schemas"]["StoreState"];
            stores: components["schemas"]["StoreStates"];
        };
        LibraryCounts: {
            /** @description Tracks that are complete and can be found */
            tracks: number;
            /** @description Tracks that an ingest has begun; the next ingest completes them */
            unfinished: number;
            /** @description Tracks that the exact lane can find */
            fingerprinted: number;
            embedding_model: string | null;
            /** @description Tracks that the vibe lane can find; null when there is no vibe lane */
            embedded: number | null;
        };
        Component: {
            name: string;
            version: string;
        };
        Version: {
            name: string;
            version: string;
            api_version: string;
            components: components["schemas"]["Component"][];
        };
        /** @enum {string} */
        SearchMode: "exact" | "vibe" | "both";
        TrackInfo: {
            /** Format: uuid */
            id: string;
            title: string;
            artist: string | null;
            album: string | null;
            duration_seconds: number;
            /** Format: date-time */
            ingested_at: string;
        };
        MatchedSpan: {
            start: number;
            end: number;
            track_start: number;
        };
        ExactMatch: {
            track: components["schemas"]["TrackInfo"];
            confidence: number;
            offset_seconds: number | null;
            aligned_hashes: number;
            time_ratio: number;
            pitch_ratio: number;
            matched_seconds: components["schemas"]["MatchedSpan"][];
            also_offset_seconds: number[];
            other_version: boolean;
        };
        TagWeight: {
            name: string;
            probability: number;
        };
        VibeMatch: {
            track: components["schemas"]["TrackInfo"];
            similarity: number;
            embedding_model: string;
            best_moment_seconds: number | null;
            matched_chunks: number | null;
            tags: components["schemas"]["TagWeight"][] | null;
        };
        /** @enum {string} */
        VibeQuery: "clip" | "recording";
        /** @enum {string} */
        LaneState: "ok" | "unavailable" | "failed" | "timeout";
        Lanes: {
            exact: components["schemas"]["LaneState"] | null;
            vibe: components["schemas"]["LaneState"] | null;
        };
        SearchResponse: {
            /** Format: uuid */
            request_id: string;
            query_duration_ms: number;
            exact_matches: components["schemas"]["ExactMatch"][];
            vibe_matches: components["schemas"]["VibeMatch"][];
            vibe_query: components["schemas"]["VibeQuery"] | null;
            mode_used: components["schemas"]["SearchMode"];
            lanes: components["schemas"]["Lanes"];
        };
        StationMatch: {
            monitor_id: string;
            monitor: string;
            played_at: string;
            seconds_behind: number;
            confidence: number;
        };
        StationSearchResponse: {
            request_id: string;
            query_duration_ms: number;
            station_matches: components["schemas"]["StationMatch"][];
        };
        SimilarTracks: {
            vibe_matches: components["schemas"]["VibeMatch"][];
        };
        /** @enum {string} */
        LiveFormat: "s16le" | "s24le" | "s32le" | "f32le";
        /** @enum {string} */
        LiveEventKind: "level" | "listening" | "candidates" | "match" | "refined" | "end" | "finished" | "error";
        LiveCandidate: {
            track: components["schemas"]["TrackInfo"];
            confidence: number;
            offset_seconds: number;
        };
        LivePlay: {
            number: number;
            track: components["schemas"]["TrackInfo"];
            confidence: number;
            started: number;
            offset_seconds: number;
            time_ratio: number;
            pitch_ratio: number;
            aligned_hashes: number;
        };
        LiveEvent: {
            event: components["schemas"]["LiveEventKind"];
            /** @description Seconds of sound so far */
            at: number;
            level_db: number | null;
            peak_db: number | null;
            window_seconds: number | null;
            candidates: components["schemas"]["LiveCandidate"][] | null;
            needed_seconds: number | null;
            play: components["schemas"]["LivePlay"] | null;
            ended: number | null;
            retracted: boolean | null;
            plays: number | null;
            code: string | null;
            message: string | null;
        };
        /** @enum {string} */
        TrackSort: "added" | "title" | "artist" | "album" | "duration";
        /** @enum {string} */
        SortOrder: "asc" | "desc";
        TrackPage: {
            items: components["schemas"]["TrackInfo"][];
            total: number;
            page: number;
            per_page: number;
            pages: number;
        };
        TrackDetail: {
            /** Format: uuid */
            id: string;
            title: string;
            artist: string | null;
            album: string | null;
            duration_seconds: number;
            /** Format: date-time */
            ingested_at: string;
            /** Format: date-time */
            updated_at: string;
            sample_rate: number | null;
            channels: number | null;
            bitrate: number | null;
            format: string | null;
            file_hash_sha256: string;
            file_size_bytes: number;
            file_path: string;
            fingerprint_indexed: boolean;
            embedding_model: string | null;
            embedding_dim: number | null;
            audio_stream: number | null;
            audio_streams: number | null;
            stated_seconds: number | null;
            damaged_frames: number;
            kin_id: string | null;
        };
        /** @enum {string} */
        AudioForm: "original" | "opus";
        Waveform: {
            /** Format: uuid */
            track_id: string;
            duration_seconds: number;
            /** @description The largest amplitude of each of as many equal parts of the track, 0 to 1 */
            peaks: number[];
        };
        /** @enum {string} */
        IngestStatus: "ingested" | "duplicate" | "error";
        IngestResponse: {
            /** Format: uuid */
            track_id: string;
            title: string;
            artist: string | null;
            status: components["schemas"]["IngestStatus"];
            notes: string[];
        };
        /** @enum {string} */
        JobStatus: "queued" | "running" | "finished" | "cancelled" | "failed";
        IngestProgress: {
            files_done: number;
            files_total: number | null;
            seconds_of_audio: number;
            remaining_seconds: number | null;
        };
        IngestError: {
            file: string;
            error: string;
        };
        /** @enum {string} */
        NoteAbout: "damage" | "streams" | "kin";
        IngestNote: {
            file: string;
            about: components["schemas"]["NoteAbout"];
            note: string;
        };
        IngestReport: {
            total: number;
            ingested: number;
            duplicates: number;
            errors: components["schemas"]["IngestError"][];
            updated: number;
            moved: number;
            unchanged: number;
            notes: components["schemas"]["IngestNote"][];
        };
        IngestJob: {
            /** Format: uuid */
            id: string;
            directory: string;
            status: components["schemas"]["JobStatus"];
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            restarts: number;
            progress: components["schemas"]["IngestProgress"];
            report: components["schemas"]["IngestReport"];
            error: string | null;
        };
        PlayedAt: {
            offset_seconds: number;
            time_ratio: number;
            pitch_ratio: number;
        };
        ClipSpan: {
            start: number;
            end: number;
        };
        TimelineCandidate: {
            track: components["schemas"]["TrackInfo"];
            confidence: number;
            offset_seconds: number;
            track_gone: boolean;
        };
        /** @enum {string} */
        TimelineVerdict: "accepted" | "rejected";
        TimelineEntry: {
            start: number;
            end: number;
            track: components["schemas"]["TrackInfo"];
            confidence: number;
            first: components["schemas"]["PlayedAt"];
            last: components["schemas"]["PlayedAt"];
            matched_seconds: components["schemas"]["ClipSpan"][];
            candidates: components["schemas"]["TimelineCandidate"][];
            verdict: components["schemas"]["TimelineVerdict"] | null;
            track_gone: boolean;
        };
        /** @enum {string} */
        TimelineGapKind: "silence" | "unknown";
        TimelineSoundAlike: {
            track: components["schemas"]["TrackInfo"];
            similarity: number;
        };
        TimelineGap: {
            start: number;
            end: number;
            kind: components["schemas"]["TimelineGapKind"];
            name: string | null;
            times_heard: number | null;
            sounds_like: components["schemas"]["TimelineSoundAlike"][] | null;
        };
        Timeline: {
            duration_seconds: number;
            entries: components["schemas"]["TimelineEntry"][];
            gaps: components["schemas"]["TimelineGap"][];
            damaged_frames: number;
        };
        TimelineJob: {
            /** Format: uuid */
            id: string;
            name: string;
            status: components["schemas"]["JobStatus"];
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            error: string | null;
            restarts: number;
            min_confidence: number;
            heard_seconds: number;
            resumed_seconds: number;
            total_seconds: number | null;
            can_play: boolean;
            timeline: components["schemas"]["Timeline"] | null;
        };
        TimelineSummary: {
            /** Format: uuid */
            id: string;
            name: string;
            status: components["schemas"]["JobStatus"];
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            error: string | null;
            restarts: number;
            min_confidence: number;
            heard_seconds: number;
            total_seconds: number | null;
            entries: number;
        };
        TimelinePage: {
            items: components["schemas"]["TimelineSummary"][];
            total: number;
            page: number;
            per_page: number;
            pages: number;
        };
        /** @enum {string} */
        TimelineFormat: "json" | "csv" | "cue" | "m3u8" | "audacity";
        /** @enum {string} */
        TimelineJudgement: "accepted" | "rejected" | "none";
        TimelineWaveform: {
            /** Format: uuid */
            timeline_id: string;
            duration_seconds: number;
            /** @description The largest amplitude of each of as many equal parts of the recording, 0 to 1 */
            peaks: number[];
        };
        /** @enum {string} */
        MonitorStatus: "waiting" | "connecting" | "listening" | "failing" | "ended" | "paused";
        Monitor: {
            /** Format: uuid */
            id: string;
            name: string;
            source: string;
            min_confidence: number;
            /** Format: date-time */
            created_at: string;
            status: components["schemas"]["MonitorStatus"];
            /** @description Why it fails, in one sentence */
            detail: string | null;
            /** Format: date-time */
            status_at: string;
            heard_at: string | null;
            /** @description What the stream itself says that it plays; never an answer */
            hint: string | null;
        };
        MonitorList: {
            items: components["schemas"]["Monitor"][];
        };
        Outage: {
            started_at: string;
            ended_at: string | null;
            reason: string;
        };
        OutageList: {
            items: components["schemas"]["Outage"][];
        };
        Sound: {
            /** @description Its name, "unknown 12" */
            number: number;
            plays: number;
            /** Format: date-time */
            first_heard_at: string;
            /** Format: date-time */
            last_heard_at: string;
            seconds: number;
            /** @description It can be listened to, and kept */
            has_audio: boolean;
            /**
             * Format: uuid
             * @description The track that it was kept as
             */
            track_id: string | null;
        };
        SoundPage: {
            items: components["schemas"]["Sound"][];
            total: number;
            page: number;
            per_page: number;
            pages: number;
        };
        SoundPlay: {
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            ended_at: string;
        };
        SoundPlayList: {
            items: components["schemas"]["SoundPlay"][];
        };
        PlayGap: {
            from: string;
            to: string;
        };
        Play: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            monitor_id: string;
            monitor: string;
            /** Format: uuid */
            track_id: string;
            title: string;
            artist: string | null;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            ended_at: string;
            place_seconds: number;
            end_place_seconds: number;
            speed: number;
            pitch: number;
            confidence: number;
            gaps: components["schemas"]["PlayGap"][];
            /** @description Later seconds cannot change it */
            final: boolean;
            hint: string | null;
        };
        PlayPage: {
            items: components["schemas"]["Play"][];
            total: number;
            page: number;
            per_page: number;
            pages: number;
        };
        /** @enum {string} */
        PlayFormat: "json" | "csv";
        PlayList: {
            items: components["schemas"]["Play"][];
        };
        /** @enum {string} */
        PlayTotalsBy: "track" | "artist" | "day";
        PlayTotal: {
            track_id: string | null;
            name: string;
            artist: string | null;
            plays: number;
            seconds: number;
        };
        PlayTotals: {
            items: components["schemas"]["PlayTotal"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        responses: {
            /** @description It is running */
            200: {
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        responses: {
            /** @description Every store answers */
            200: {
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description A store does not answer, or the service is about to end */
            503: {
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    getLibrary: {
        responses: {
            /** @description The counts */
            200: {
                content: {
                    "application/json": components["schemas"]["LibraryCounts"];
                };
            };
        };
    };
    getVersion: {
        responses: {
            /** @description The versions */
            200: {
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    getMetrics: {
        responses: {
            /** @description The metrics */
            200: {
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    search: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * @description Which lanes to search
                     * @default both
                     */
                    mode?: components["schemas"]["SearchMode"];
                    /**
                     * @description At most this many matches per lane
                     * @default 10
                     */
                    max_results?: number;
                    /**
                     * @description Prefer vibe matches that resemble the clip but not each other
                     * @default false
                     */
                    diverse?: boolean;
                    /** Format: binary */
                    audio: string;
                };
            };
        };
        responses: {
            /** @description The matches; the lists are empty when nothing matches */
            200: {
                content: {
                    "application/json": components["schemas"]["SearchResponse"];
                };
            };
        };
    };
    searchStations: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * @description At most this many matches
                     * @default 10
                     */
                    max_results?: number;
                    /** Format: binary */
                    audio: string;
                };
            };
        };
        responses: {
            /** @description The best first; empty when no station played it */
            200: {
                content: {
                    "application/json": components["schemas"]["StationSearchResponse"];
                };
            };
        };
    };
    getSimilarTracks: {
        parameters: {
            query?: {
                at?: number;
                limit?: number;
                diverse?: boolean;
            };
            path: {
                /** @description Id of the track */
                id: string;
            };
        };
        responses: {
            /** @description The most similar first; the list may be empty */
            200: {
                content: {
                    "application/json": components["schemas"]["SimilarTracks"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: {
                format?: components["schemas"]["LiveFormat"];
                rate?: number;
                channels?: number;
            };
        };
        responses: {
            /** @description The WebSocket is open. Send sound in binary messages, in any format that can be read as it comes, or as the query says; an empty message ends it. Each text message from the service is one of these events, with the fields that it has */
            101: {
                content: {
                    "application/json": components["schemas"]["LiveEvent"];
                };
            };
        };
    };
    listTracks: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                search?: string;
                sort?: components["schemas"]["TrackSort"];
                order?: components["schemas"]["SortOrder"];
            };
        };
        responses: {
            /** @description A page of tracks */
            200: {
                content: {
                    "application/json": components["schemas"]["TrackPage"];
                };
            };
        };
    };
    getTrack: {
        parameters: {
            path: {
                /** @description Id of the track */
                id: string;
            };
        };
        responses: {
            /** @description The track */
            200: {
                content: {
                    "application/json": components["schemas"]["TrackDetail"];
                };
            };
        };
    };
    deleteTrack: {
        parameters: {
            path: {
                /** @description Id of the track */
                id: string;
            };
        };
        responses: {
            /** @description The track was removed */
            204: {
            };
        };
    };
    getTrackAudio: {
        parameters: {
            query?: {
                as?: components["schemas"]["AudioForm"];
            };
            header?: {
                /** @description bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT */
                Range?: string;
                /** @description An ETag; the range only applies if the file still has it */
                "If-Range"?: string;
            };
            path: {
                /** @description Id of the track */
                id: string;
            };
        };
        responses: {
            /** @description The whole file */
            200: {
                content: {
                    "application/octet-stream": string;
                    "audio/mpeg": string;
                    "audio/flac": string;
                    "audio/wav": string;
                    "audio/ogg": string;
                    "audio/mp4": string;
                    "audio/aac": string;
                    "audio/webm": string;
                    "audio/aiff": string;
                    "audio/x-ms-wma": string;
                };
            };
            /** @description The range */
            206: {
                content: {
                    "application/octet-stream": string;
                    "audio/mpeg": string;
                    "audio/flac": string;
                    "audio/wav": string;
                    "audio/ogg": string;
                    "audio/mp4": string;
                    "audio/aac": string;
                    "audio/webm": string;
                    "audio/aiff": string;
                    "audio/x-ms-wma": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match */
            304: {
            };
        };
    };
    getTrackWaveform: {
        parameters: {
            path: {
                /** @description Id of the track */
                id: string;
            };
        };
        responses: {
            /** @description The peaks */
            200: {
                content: {
                    "application/json": components["schemas"]["Waveform"];
                };
            };
            /** @description The peaks still have the ETag in If-None-Match */
            304: {
            };
        };
    };
    ingest: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description A folder on the server, below one of INGEST_ROOTS; starts a job */
                    directory?: string;
                    /** Format: binary */
                    audio?: string;
                };
            };
        };
        responses: {
            /** @description The file is a track now, or was a track already */
            200: {
                content: {
                    "application/json": components["schemas"]["IngestResponse"];
                };
            };
            /** @description The job that adds the folder */
            202: {
                content: {
                    "application/json": components["schemas"]["IngestJob"];
                };
            };
        };
    };
    getIngestJob: {
        parameters: {
            path: {
                /** @description Id of the job */
                id: string;
            };
        };
        responses: {
            /** @description The job */
            200: {
                content: {
                    "application/json": components["schemas"]["IngestJob"];
                };
            };
        };
    };
    cancelIngestJob: {
        parameters: {
            path: {
                /** @description Id of the job */
                id: string;
            };
        };
        responses: {
            /** @description The job, which ends soon */
            202: {
                content: {
                    "application/json": components["schemas"]["IngestJob"];
                };
            };
        };
    };
    followIngestJob: {
        parameters: {
            path: {
                /** @description Id of the job */
                id: string;
            };
        };
        responses: {
            /** @description Events: progress, then end; the data of each is an IngestJob */
            200: {
                content: {
                    "text/event-stream": {
                        /** @enum {string} */
                        event: "progress" | "end";
                        data: string;
                    };
                };
            };
        };
    };
    listTimelines: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
            };
        };
        responses: {
            /** @description A page of timelines */
            200: {
                content: {
                    "application/json": components["schemas"]["TimelinePage"];
                };
            };
        };
    };
    makeTimeline: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description A file on the server, below one of INGEST_ROOTS; it stays where it is */
                    path?: string;
                    /** @description Name of the recording; default: that of the file */
                    name?: string;
                    /**
                     * @description Leave out entries that are less certain
                     * @default 0.5
                     */
                    min_confidence?: number;
                    /** Format: binary */
                    audio?: string;
                };
            };
        };
        responses: {
            /** @description The job, whose result is kept until it is removed */
            202: {
                content: {
                    "application/json": components["schemas"]["TimelineJob"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description The timeline */
            200: {
                content: {
                    "application/json": components["schemas"]["TimelineJob"];
                };
            };
        };
    };
    deleteTimeline: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description The timeline was removed */
            204: {
            };
        };
    };
    followTimeline: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description Events: progress, then end; the data of each is a TimelineJob, whose timeline is null unless it has changed */
            200: {
                content: {
                    "text/event-stream": {
                        /** @enum {string} */
                        event: "progress" | "end";
                        data: string;
                    };
                };
            };
        };
    };
    exportTimeline: {
        parameters: {
            query?: {
                format?: components["schemas"]["TimelineFormat"];
            };
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description The file */
            200: {
                content: {
                    "application/json": components["schemas"]["Timeline"];
                    "text/csv; charset=utf-8": string;
                    "application/x-cue; charset=utf-8": string;
                    "application/vnd.apple.mpegurl; charset=utf-8": string;
                    "text/plain; charset=utf-8": string;
                };
            };
        };
    };
    judgeTimelineEntry: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
                /** @description Number of the entry in the timeline, from 0 */
                n: number;
            };
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description none takes a verdict back; default: it stays */
                    verdict?: components["schemas"]["TimelineJudgement"];
                    /**
                     * Format: uuid
                     * @description One of the entry's candidates, which takes the place of its track
                     */
                    track_id?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description none takes a verdict back; default: it stays */
                    verdict?: components["schemas"]["TimelineJudgement"];
                    /**
                     * Format: uuid
                     * @description One of the entry's candidates, which takes the place of its track
                     */
                    track_id?: string;
                };
            };
        };
        responses: {
            /** @description The entry as it is now */
            200: {
                content: {
                    "application/json": components["schemas"]["TimelineEntry"];
                };
            };
        };
    };
    learnFromTimeline: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Seconds from the recording's first sample */
                    start: number;
                    end: number;
                    title: string;
                    artist?: string;
                    album?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description Seconds from the recording's first sample */
                    start: number;
                    end: number;
                    title: string;
                    artist?: string;
                    album?: string;
                };
            };
        };
        responses: {
            /** @description The track, which is an entry of the timeline now */
            200: {
                content: {
                    "application/json": components["schemas"]["IngestResponse"];
                };
            };
        };
    };
    getTimelineAudio: {
        parameters: {
            header?: {
                /** @description bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT */
                Range?: string;
                /** @description An ETag; the range only applies if the file still has it */
                "If-Range"?: string;
            };
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description The whole file */
            200: {
                content: {
                    "application/octet-stream": string;
                    "audio/mpeg": string;
                    "audio/flac": string;
                    "audio/wav": string;
                    "audio/ogg": string;
                    "audio/mp4": string;
                    "audio/aac": string;
                    "audio/webm": string;
                    "audio/aiff": string;
                    "audio/x-ms-wma": string;
                };
            };
            /** @description The range */
            206: {
                content: {
                    "application/octet-stream": string;
                    "audio/mpeg": string;
                    "audio/flac": string;
                    "audio/wav": string;
                    "audio/ogg": string;
                    "audio/mp4": string;
                    "audio/aac": string;
                    "audio/webm": string;
                    "audio/aiff": string;
                    "audio/x-ms-wma": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match */
            304: {
            };
        };
    };
    getTimelineWaveform: {
        parameters: {
            path: {
                /** @description Id of the timeline */
                id: string;
            };
        };
        responses: {
            /** @description The peaks */
            200: {
                content: {
                    "application/json": components["schemas"]["TimelineWaveform"];
                };
            };
        };
    };
    listMonitors: {
        responses: {
            /** @description All monitors */
            200: {
                content: {
                    "application/json": components["schemas"]["MonitorList"];
                };
            };
        };
    };
    addMonitor: {
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description No two monitors have the same */
                    name: string;
                    /** @description An URL (Icecast, SHOUTcast, HTTP, HLS), or a file or named pipe on the server, below one of INGEST_ROOTS */
                    source: string;
                    /**
                     * @description Leave out plays that are less certain
                     * @default 0.5
                     */
                    min_confidence?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @description No two monitors have the same */
                    name: string;
                    /** @description An URL (Icecast, SHOUTcast, HTTP, HLS), or a file or named pipe on the server, below one of INGEST_ROOTS */
                    source: string;
                    /**
                     * @description Leave out plays that are less certain
                     * @default 0.5
                     */
                    min_confidence?: number;
                };
            };
        };
        responses: {
            /** @description The monitor */
            201: {
                content: {
                    "application/json": components["schemas"]["Monitor"];
                };
            };
        };
    };
    getMonitor: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
            };
        };
        responses: {
            /** @description The monitor */
            200: {
                content: {
                    "application/json": components["schemas"]["Monitor"];
                };
            };
        };
    };
    deleteMonitor: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
            };
        };
        responses: {
            /** @description The monitor was removed */
            204: {
            };
        };
    };
    changeMonitor: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
            };
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    name?: string;
                    source?: string;
                    min_confidence?: number;
                    /** @description Whether the service does not listen for now */
                    paused?: boolean;
                };
                "application/x-www-form-urlencoded": {
                    name?: string;
                    source?: string;
                    min_confidence?: number;
                    /** @description Whether the service does not listen for now */
                    paused?: boolean;
                };
            };
        };
        responses: {
            /** @description The monitor as it is now */
            200: {
                content: {
                    "application/json": components["schemas"]["Monitor"];
                };
            };
        };
    };
    listOutages: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
            };
        };
        responses: {
            /** @description The outages */
            200: {
                content: {
                    "application/json": components["schemas"]["OutageList"];
                };
            };
        };
    };
    listSounds: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
            };
            path: {
                /** @description Id of the monitor */
                id: string;
            };
        };
        responses: {
            /** @description A page of sounds, most plays first */
            200: {
                content: {
                    "application/json": components["schemas"]["SoundPage"];
                };
            };
        };
    };
    listSoundPlays: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
                /** @description Number of the sound, from 1 */
                number: number;
            };
        };
        responses: {
            /** @description The plays */
            200: {
                content: {
                    "application/json": components["schemas"]["SoundPlayList"];
                };
            };
        };
    };
    getSoundAudio: {
        parameters: {
            header?: {
                /** @description bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT */
                Range?: string;
                /** @description An ETag; the range only applies if the file still has it */
                "If-Range"?: string;
            };
            path: {
                /** @description Id of the monitor */
                id: string;
                /** @description Number of the sound, from 1 */
                number: number;
            };
        };
        responses: {
            /** @description The whole file */
            200: {
                content: {
                    "audio/flac": string;
                };
            };
            /** @description The range */
            206: {
                content: {
                    "audio/flac": string;
                };
            };
            /** @description The file still has the ETag in If-None-Match */
            304: {
            };
        };
    };
    keepSound: {
        parameters: {
            path: {
                /** @description Id of the monitor */
                id: string;
                /** @description Number of the sound, from 1 */
                number: number;
            };
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    title: string;
                    artist?: string;
                };
                "application/x-www-form-urlencoded": {
                    title: string;
                    artist?: string;
                };
            };
        };
        responses: {
            /** @description The track */
            200: {
                content: {
                    "application/json": components["schemas"]["IngestResponse"];
                };
            };
        };
    };
    listPlays: {
        parameters: {
            query?: {
                monitor?: string;
                track?: string;
                from?: string;
                to?: string;
                page?: number;
                per_page?: number;
            };
        };
        responses: {
            /** @description A page of plays */
            200: {
                content: {
                    "application/json": components["schemas"]["PlayPage"];
                };
            };
        };
    };
    exportPlays: {
        parameters: {
            query?: {
                monitor?: string;
                track?: string;
                from?: string;
                to?: string;
                format?: components["schemas"]["PlayFormat"];
            };
        };
        responses: {
            /** @description The file */
            200: {
                content: {
                    "application/json": components["schemas"]["PlayList"];
                    "text/csv": string;
                };
            };
        };
    };
    countPlays: {
        parameters: {
            query?: {
                monitor?: string;
                track?: string;
                from?: string;
                to?: string;
                by?: components["schemas"]["PlayTotalsBy"];
                limit?: number;
            };
        };
        responses: {
            /** @description Most plays first, or the latest day first */
            200: {
                content: {
                    "application/json": components["schemas"]["PlayTotals"];
                };
            };
        };
    };
}
