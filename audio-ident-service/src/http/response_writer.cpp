#include "http/response_writer.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "http/run_on.hpp"

namespace audio_ident::http {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;

namespace {

constexpr auto kEventInterval = std::chrono::milliseconds(200);
constexpr int kSilentIntervals = 75;  ///< then an event stream shows that it is alive

using Message = bhttp::response<bhttp::string_body>;

Message header_of(const Response& response, ResponseForm form, bool keep_alive) {
    Message message(static_cast<bhttp::status>(response.status), form.version);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    message.keep_alive(keep_alive);
    if (const auto* file = std::get_if<FileSlice>(&response.body)) {
        message.content_length(file->size());
    } else if (const auto* text = std::get_if<std::string>(&response.body)) {
        if (response.status != 204 && response.status != 304) message.content_length(text->size());
    } else if (form.version >= 11) {
        message.chunked(true);
    }
    return message;
}

}  // namespace

asio::awaitable<void> ResponseWriter::write(const Response& response, ResponseForm form) {
    const auto* text = std::get_if<std::string>(&response.body);
    const auto* file = std::get_if<FileSlice>(&response.body);
    const auto* events = std::get_if<EventSource>(&response.body);
    if (events && form.version < 11) client_.ending = true;
    auto message = header_of(response, form, !client_.ending);
    if (text && !form.head) message.body() = *text;

    client_.stream.expires_after(client_.settings.transfer_timeout);
    bhttp::response_serializer<bhttp::string_body> serializer(message);
    if (text && !form.head) {
        co_await bhttp::async_write(client_.stream, serializer, asio::use_awaitable);
        co_return;
    }
    co_await bhttp::async_write_header(client_.stream, serializer, asio::use_awaitable);
    if (form.head) co_return;
    if (file) co_await write_file(*file);
    if (events) co_await write_events(*events, form.version >= 11);
}

asio::awaitable<void> ResponseWriter::write_file(const FileSlice& file) {
    for (std::uint64_t done = 0; done < file.size();) {
        std::string chunk;
        const auto read = [&] { chunk = file.read(done, ClientStream::kChunkBytes * 4); };
        if (!co_await run_on(disk_pool_, read) || chunk.empty()) {
            // The header promised the length: only a broken connection tells the client.
            client_.ending = true;
            client_.stream.close();
            co_return;
        }
        client_.stream.expires_after(client_.settings.transfer_timeout);
        co_await asio::async_write(client_.stream, asio::buffer(chunk), asio::use_awaitable);
        done += chunk.size();
    }
}

asio::awaitable<void> ResponseWriter::write_events(const EventSource& source, bool chunked) {
    asio::steady_timer timer(client_.stream.get_executor());
    int silent = 0;
    while (!client_.ending || !chunked) {
        auto text = source();
        if (!text) break;
        if (text->empty() && ++silent == kSilentIntervals) *text = ": still here\n\n";
        if (!text->empty()) {
            silent = 0;
            client_.stream.expires_after(client_.settings.transfer_timeout);
            if (chunked)
                co_await asio::async_write(client_.stream, bhttp::make_chunk(asio::buffer(*text)), asio::use_awaitable);
            else co_await asio::async_write(client_.stream, asio::buffer(*text), asio::use_awaitable);
        }
        timer.expires_after(kEventInterval);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (chunked) co_await asio::async_write(client_.stream, bhttp::make_chunk_last(), asio::use_awaitable);
}

}  // namespace audio_ident::http
