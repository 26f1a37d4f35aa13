//! Prints bliss-audio's description of each file of raw samples (32-bit floats, mono, 22,050 Hz): a line of numbers.
use bliss_audio::Song;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let samples: Vec<f32> =
            std::fs::read(&path)?.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let numbers = Song::analyze(&samples)?.as_vec();
        println!("{}", numbers.iter().map(f32::to_string).collect::<Vec<_>>().join(" "));
    }
    Ok(())
}
