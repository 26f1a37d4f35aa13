#include "support/s3_server.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

#include "support/free_port.hpp"

namespace audio_ident::test {

namespace fs = std::filesystem;

std::optional<std::string> S3Server::program() {
    if (const char* named = std::getenv("S3_SERVER_BIN"); named && *named) return named;
    return ::access(S3_SERVER, X_OK) == 0 ? std::optional<std::string>(S3_SERVER) : std::nullopt;
}

S3Server::S3Server() : port_(free_port()) {
    fs::create_directory(folder_ / "objects");
    fs::create_directory(folder_ / "notes");
    start();
    const auto made =
        run_process({"curl", "-sf", "-X", "PUT", "--aws-sigv4", std::string("aws:amz:") + kRegion + ":s3", "--user",
                     std::string(kAccessKey) + ":" + kSecretKey, "-H",
                     "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     url() + "/" + kBucket});
    if (made.exit_code != 0) throw std::runtime_error("the S3 server makes no bucket: " + made.out + made.err);
}

S3Server::~S3Server() {
    if (server_) stop();
}

S3Server& S3Server::shared() {
    static S3Server server;
    return server;
}

void S3Server::start() {
    server_.emplace(start_server(
        {"setpriv", "--pdeathsig=KILL", program().value(), "--access", kAccessKey, "--secret", kSecretKey, "--region",
         kRegion, "--port", "127.0.0.1:" + std::to_string(port_), "--health", "/health", "--virtual-domain",
         "localhost:" + std::to_string(port_), "posix", "--sidecar", folder_ / "notes", folder_ / "objects"},
        {}, {"curl", "-sf", url() + "/health"}));
}

void S3Server::stop() {
    server_->signal(SIGKILL);
    server_->wait();
    server_.reset();
}

}  // namespace audio_ident::test
