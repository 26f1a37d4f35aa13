#include "support/qdrant_server.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "support/free_port.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> unpacked() {
    static const TempFolder folder;
    std::error_code none;
    for (const auto& file : fs::directory_iterator(fs::path(SHARED_TOOLS), none)) {
        if (!file.path().filename().string().starts_with("qdrant-")) continue;
        if (run_process({"tar", "xJf", file.path(), "-C", folder.path()}).exit_code == 0) return folder / "qdrant";
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> QdrantServer::program() {
    static const auto found = []() -> std::optional<std::string> {
        if (const char* named = std::getenv("QDRANT_BIN"); named && *named) return named;
        return unpacked();
    }();
    return found;
}

QdrantServer::QdrantServer(std::string api_key) : api_key_(std::move(api_key)), port_(free_port()) {
    start();
}

QdrantServer::QdrantServer(Cluster how, const QdrantServer* first) : port_(free_port()), peer_port_(free_port()) {
    if (how == Cluster::join) first_peer_ = "http://127.0.0.1:" + std::to_string(first->peer_port_);
    start();
}

QdrantServer::~QdrantServer() {
    if (server_) stop();
}

QdrantServer& QdrantServer::shared() {
    static QdrantServer server;
    return server;
}

void QdrantServer::start() {
    ProcessSettings settings{.folder = folder_.path()};
    settings.environment = {{"QDRANT__SERVICE__HOST", "127.0.0.1"},
                            {"QDRANT__SERVICE__HTTP_PORT", std::to_string(port_)},
                            {"QDRANT__SERVICE__GRPC_PORT", std::to_string(free_port())},
                            {"QDRANT__LOG_LEVEL", "ERROR"},
                            {"QDRANT__TELEMETRY_DISABLED", "true"}};
    if (!api_key_.empty()) settings.environment.emplace_back("QDRANT__SERVICE__API_KEY", api_key_);
    std::vector<std::string> command = {"setpriv", "--pdeathsig=KILL", program().value()};
    if (peer_port_ != 0) {
        settings.environment.emplace_back("QDRANT__CLUSTER__ENABLED", "true");
        settings.environment.emplace_back("QDRANT__CLUSTER__P2P__PORT", std::to_string(peer_port_));
        command.insert(command.end(), {"--uri", "http://127.0.0.1:" + std::to_string(peer_port_)});
        if (!first_peer_.empty()) command.insert(command.end(), {"--bootstrap", first_peer_});
    }
    server_.emplace(start_server(command, settings, {"curl", "-sf", url() + "/healthz"}));
}

void QdrantServer::pause() {
    server_->signal(SIGSTOP);
}

void QdrantServer::resume() {
    server_->signal(SIGCONT);
}

void QdrantServer::stop() {
    server_->signal(SIGKILL);
    server_->wait();
    server_.reset();
}

}  // namespace audio_ident::test
