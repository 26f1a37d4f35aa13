#include "http/form.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "http/error_mapping.hpp"
#include "http/query.hpp"
#include "util/descriptor.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

constexpr std::string_view kPrefix = "incoming-";
constexpr std::chrono::minutes kYoung{1};

bool is_abandoned(const std::filesystem::directory_entry& entry) {
    std::error_code error;
    const auto changed = entry.last_write_time(error);
    if (error || !entry.path().filename().string().starts_with(kPrefix) || !entry.is_regular_file(error)) return false;
    if (std::filesystem::file_time_type::clock::now() - changed < kYoung) return false;
    const util::Descriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

Unexpected disk_failed(const std::filesystem::path& folder) {
    return fail(ErrorKind::not_available, "cannot store the upload in {}: {}", folder.string(),
                std::error_code(errno, std::generic_category()).message());
}

}  // namespace

Result<std::unique_ptr<FormReceiver>> FormReceiver::create(const FormRules& rules, std::string_view content_type) {
    std::unique_ptr<FormReceiver> receiver(new FormReceiver(rules));
    if (boost::algorithm::istarts_with(content_type, "application/x-www-form-urlencoded")) return receiver;
    const auto boundary = MultipartParser::boundary_of(content_type);
    if (!boundary) {
        return Unexpected(bad_request("send a form: multipart/form-data with a boundary"));
    }
    auto* self = receiver.get();
    receiver->parser_.emplace(
        *boundary, MultipartParser::Handlers{[self](PartHeader header) { return self->begin(std::move(header)); },
                                             [self](std::string_view bytes) { return self->data(bytes); },
                                             [self] { return self->end(); }});
    return receiver;
}

Unexpected FormReceiver::too_large(const FormRules& rules) {
    auto message = rules.file_field.empty()
                       ? fmt::format("the form is larger than {} KB", kMaxOtherBytes >> 10)
                       : fmt::format("the upload is larger than {} MB", rules.max_file_bytes >> 20);
    return Unexpected(Error{ErrorKind::invalid_input, std::move(message), Reason::upload_too_large});
}

FormReceiver::~FormReceiver() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> FormReceiver::consume(std::string_view bytes) {
    if (parser_) return parser_->consume(bytes);
    return data(bytes);
}

Result<void> FormReceiver::finish(Request& request) {
    if (parser_) {
        if (auto whole = parser_->finish(); !whole) return whole;
    } else {
        auto fields = parse_query(text_);
        if (!fields) return Unexpected(bad_request("the form is malformed"));
        fields_ = std::move(*fields);
    }
    request.form = std::move(fields_);
    request.upload = std::move(upload_);
    return {};
}

Result<void> FormReceiver::begin(PartHeader header) {
    text_.clear();
    if (!util::is_utf8(header.name)) return Unexpected(bad_request("the name of a field is not UTF-8"));
    const bool is_file = !rules_.file_field.empty() && header.name == rules_.file_field;
    if (is_file && upload_) return Unexpected(bad_request(header.name + " was given twice"));
    // A file under another name is treated as a field, and must be as small as one.
    if (!is_file) {
        field_ = std::move(header.name);
        return {};
    }
    if (!header.file_name) return Unexpected(bad_request(header.name + " must be a file: its part has no filename"));
    field_.reset();
    upload_ = std::make_shared<Upload>();
    upload_->file_name = std::move(*header.file_name);
    return rules_.folder.empty() ? Result<void>() : open_file();
}

Result<void> FormReceiver::data(std::string_view bytes) {
    if (parser_ && !field_) return store(bytes);
    other_bytes_ += bytes.size();
    if (other_bytes_ > kMaxOtherBytes) return Unexpected(bad_request("the form's fields are too long"));
    text_ += bytes;
    return {};
}

Result<void> FormReceiver::end() {
    if (field_) {
        fields_.emplace_back(std::move(*field_), std::move(text_));
    } else if (descriptor_ >= 0) {
        if (::close(std::exchange(descriptor_, -1)) != 0) return disk_failed(rules_.folder);
    }
    return {};
}

Result<void> FormReceiver::open_file() {
    std::error_code error;
    std::filesystem::create_directories(rules_.folder, error);
    std::string name = (rules_.folder / (std::string(kPrefix) + "XXXXXX")).string();
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor_ < 0) return disk_failed(rules_.folder);
    static_cast<void>(::flock(descriptor_, LOCK_EX | LOCK_NB));
    upload_->path = name;
    return {};
}

Result<void> FormReceiver::store(std::string_view bytes) {
    upload_->size += bytes.size();
    if (upload_->size > rules_.max_file_bytes) return too_large(rules_);
    if (descriptor_ < 0) {
        if (upload_->hold(bytes)) return {};
        return fail(ErrorKind::not_available, "too many uploads at a time; try again");
    }
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return disk_failed(rules_.folder);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

void remove_abandoned_uploads(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (is_abandoned(*entry)) std::filesystem::remove(entry->path(), ignored);
    }
}

}  // namespace audio_ident::http
