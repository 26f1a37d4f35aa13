#include "app/app.hpp"

int main(int argc, char** argv) {
    return audio_ident::app::run(argc, argv);
}
