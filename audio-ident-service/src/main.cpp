#include "cli/cli.hpp"

int main(int argc, char** argv) {
    return audio_ident::cli::run(argc, argv);
}
