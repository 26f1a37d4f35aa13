// The contents of the network's file, of musicnn_map.bin and of musicnn_clip_map.bin, unchanged.
    .section .rodata
    .balign 64
    .global audio_ident_musicnn_network
audio_ident_musicnn_network:
    .incbin MUSICNN_NETWORK
    .global audio_ident_musicnn_network_end
audio_ident_musicnn_network_end:
    .balign 64
    .global audio_ident_musicnn_map
audio_ident_musicnn_map:
    .incbin MUSICNN_MAP
    .global audio_ident_musicnn_map_end
audio_ident_musicnn_map_end:
    .balign 64
    .global audio_ident_musicnn_clip_map
audio_ident_musicnn_clip_map:
    .incbin MUSICNN_CLIP_MAP
    .byte 0
    .section .note.GNU-stack,"",%progbits
