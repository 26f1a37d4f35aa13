#include "lib/curl/start.hpp"

#include <curl/curl.h>
#include <new>

namespace audio_ident::curl {

void start() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::bad_alloc();
}

}  // namespace audio_ident::curl
