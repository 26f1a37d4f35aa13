#include "http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

namespace audio_ident::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The events of the parser, one per line.
class Form {
  public:
    /// Feeds `text` in pieces of `step` bytes.
    explicit Form(const std::string& text, std::size_t step = 1) {
        MultipartParser parser("B", {[this](PartHeader header) {
                                         names.push_back(header.name + "|" + header.file_name.value_or("-"));
                                         contents.emplace_back();
                                         return Result<void>();
                                     },
                                     [this](std::string_view bytes) {
                                         contents.back() += bytes;
                                         return Result<void>();
                                     },
                                     [this] {
                                         ++ended;
                                         return Result<void>();
                                     }});
        for (std::size_t i = 0; i < text.size() && outcome; i += step) outcome = parser.consume(text.substr(i, step));
        if (outcome) outcome = parser.finish();
    }

    Result<void> outcome;
    std::vector<std::string> names;
    std::vector<std::string> contents;
    std::size_t ended = 0;
};

const std::string kForm =
    "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nexact\r\n--B  \r\n"
    "content-type: audio/webm\r\nCONTENT-DISPOSITION: form-data; filename=\"a \\\"b\\\".webm\"; name=audio\r\n\r\n"
    "\r\n--A\r\n-\r\n--\r\n\r\n--B--\r\nepilogue";

TEST(Multipart, TakesAFormApartHoweverItIsCut) {
    for (std::size_t step = 1; step <= kForm.size(); ++step) {
        const Form form(kForm, step);
        ASSERT_TRUE(form.outcome) << form.outcome.error().message;
        EXPECT_THAT(form.names, ElementsAre("mode|-", "audio|a \"b\".webm"));
        EXPECT_THAT(form.contents, ElementsAre("exact", "\r\n--A\r\n-\r\n--\r\n"));
        EXPECT_EQ(form.ended, 2U);
    }
}

TEST(Multipart, AnEmptyFormIsAForm) {
    EXPECT_TRUE(Form("--B--\r\n").outcome);
}

TEST(Multipart, EachWayToBeMalformedIsRefused) {
    const std::string header = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    for (const std::string& text : {std::string(), std::string("no delimiter"), header + "text", header + "text\r\n--B",
                                    header + "text\r\n--Bx\r\n", std::string("--B\r\n\r\ntext\r\n--B--"),
                                    std::string("--B\r\nContent-Disposition: form-data\r\n\r\ntext\r\n--B--"),
                                    std::string("--B\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--B--"),
                                    std::string("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--B--")}) {
        const Form form(text, 7);
        ASSERT_FALSE(form.outcome) << text;
        EXPECT_EQ(form.outcome.error().kind, ErrorKind::invalid_input);
    }
}

TEST(Multipart, HeadersAndPartsAreBounded) {
    const std::string begin = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ";
    EXPECT_THAT(Form(begin + std::string(MultipartParser::kMaxHeaderBytes, 'x'), 100).outcome.error().message,
                HasSubstr("too long"));
    std::string many;
    for (std::size_t i = 0; i <= MultipartParser::kMaxParts; ++i) {
        many += "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
    }
    EXPECT_THAT(Form(many + "--B--", 100).outcome.error().message, HasSubstr("more than"));
}

TEST(Multipart, FindsTheBoundary) {
    EXPECT_EQ(MultipartParser::boundary_of("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""), "a b");
    EXPECT_EQ(MultipartParser::boundary_of("multipart/form-data; boundary=x;"), "x");
    for (const char* bad : {"multipart/form-data", "multipart/mixed; boundary=x",
                            "multipart/form-data; boundary=", "multipart/form-data; boundary=\"x", ""}) {
        EXPECT_EQ(MultipartParser::boundary_of(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(MultipartParser::boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::http
