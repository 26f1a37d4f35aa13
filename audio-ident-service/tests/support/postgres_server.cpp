#include "support/postgres_server.hpp"

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOtherConnections =
    " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Debian installs the server's programs outside PATH, in one folder per version.
std::string server_program(const std::string& name) {
    fs::path newest;
    std::error_code none;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
        const fs::path program = version.path() / "bin" / name;
        if (fs::exists(program) && program > newest) newest = program;
    }
    return newest.empty() ? name : newest.string();
}

std::string must(const std::vector<std::string>& command, const std::string& folder) {
    const auto result = Process(command, {.folder = folder}).wait();
    if (result.exit_code != 0) throw std::runtime_error(command.front() + ": " + result.err + result.out);
    return result.out;
}

}  // namespace

PostgresServer::PostgresServer() {
    if (::geteuid() == 0) must({"chown", "postgres", folder_.path()}, "/");
    must(command("initdb", {"--pgdata", folder_ / "data", "--username=audio_ident", "--auth=trust", "--encoding=UTF8",
                            "--locale=C", "--no-sync"}),
         folder_.path());
    start();
}

PostgresServer::~PostgresServer() {
    if (server_) stop();
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

void PostgresServer::start() {
    // No flushing to disk: the tests kill the server but not the machine.
    server_.emplace(
        start_server(command("postgres", {"-D", folder_ / "data", "-k", folder_.path(), "-c", "listen_addresses=", "-c",
                                          "fsync=off", "-c", "shared_buffers=16MB"}),
                     {.folder = folder_.path()}, {"pg_isready", "-q", "-h", folder_.path()}));
}

void PostgresServer::stop() {
    server_->signal(SIGINT);  // This also ends the server's sessions.
    server_->wait();
    server_.reset();
}

std::string PostgresServer::new_database() {
    const std::string name = "test" + std::to_string(++databases_);
    psql(url_of("postgres"), "CREATE DATABASE " + name);
    return url_of(name);
}

std::string PostgresServer::psql(const std::string& url, const std::string& sql) {
    return must(
        {"psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--quiet", "--tuples-only", "--no-align", "-c", sql, url},
        "/");
}

int PostgresServer::connections(const std::string& url) {
    return std::stoi(psql(url, std::string("SELECT count(*)") + kOtherConnections));
}

void PostgresServer::end_connections(const std::string& url) {
    psql(url, std::string("SELECT pg_terminate_backend(pid, 60000)") + kOtherConnections);
}

std::string PostgresServer::url_of(const std::string& database) const {
    return "postgresql://audio_ident:secret@/" + database + "?host=" + folder_.path().string();
}

std::vector<std::string> PostgresServer::command(const std::string& program,
                                                 const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"setpriv", "--pdeathsig=INT"};
    if (::geteuid() == 0) all.insert(all.end(), {"--reuid=postgres", "--regid=postgres", "--clear-groups"});
    all.push_back(server_program(program));
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

}  // namespace audio_ident::test
