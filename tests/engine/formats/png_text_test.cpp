#include "engine/formats/png_text.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"
#include "tests/support/errors.h"

using namespace kiln;
using kiln::test::error_of;

namespace {

constexpr std::size_t kMost = 1000;

Image picture() {
  Image image(3, 2);
  for (std::size_t i = 0; i < image.rgba.size(); ++i) image.rgba[i] = static_cast<std::uint8_t>(40 * i);
  return image;
}

// A PNG whose text chunk holds `data` after the keyword.
Bytes forged(std::string_view data) {
  Bytes png = png_beginning();
  const std::string content = std::string("key") + std::string(1, '\0') + std::string(data);
  append_png_chunk(png, "iTXt", {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()});
  const Bytes plain = encode_png(picture());
  for (const PngChunk& chunk : png_chunks(plain)) append_png_chunk(png, chunk.type, chunk.data);
  return png;
}

std::string deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(), 9);
  out.resize(size);
  return out;
}

using namespace std::string_literals;

}  // namespace

TEST_CASE("a text in a PNG comes back, and the picture is the same") {
  for (const std::string& text : {""s, "short ü"s, std::string(900, 'x')}) {
    const Bytes png = with_png_text(encode_png(picture()), "key", text);
    CHECK(decode_image(png, "it") == picture());
    CHECK(png_text(png, "key", kMost, "it") == text);
    CHECK(png_text(png, "ke", kMost, "it") == std::nullopt);
    CHECK(png_text(png, "keys", kMost, "it") == std::nullopt);
  }
  CHECK(with_png_text(encode_png(picture()), "key", std::string(900, 'x')).size() < 300);
  CHECK(png_text(encode_png(picture()), "key", kMost, "it") == std::nullopt);
  CHECK(png_text({}, "key", kMost, "it") == std::nullopt);
}

TEST_CASE("texts of other programs: plain, compressed, with a language") {
  CHECK(png_text(forged("\0\0\0\0plain"s), "key", kMost, "it") == "plain");
  CHECK(png_text(forged("\0\0en\0Key\0plain"s), "key", kMost, "it") == "plain");
  CHECK(png_text(forged("\1\0\0\0"s + deflated("packed")), "key", kMost, "it") == "packed");
}

TEST_CASE("damaged and forged texts are refused in one sentence") {
  const auto refused = [](const Bytes& png) {
    const Error error = error_of([&] { png_text(png, "key", kMost, "it.png"); });
    CHECK(error.code == ErrorCode::kCorrupt);
    CHECK(error.message.find("it.png") != std::string::npos);
  };
  refused(forged("\0\0\0\0"s + std::string(kMost + 1, 'x')));                        // too long
  refused(forged("\1\0\0\0"s + deflated(std::string(std::size_t{50} << 20, 'x'))));  // 50 MB in 50 kB
  refused(forged("\1\0\0\0"s + deflated("packed text").substr(0, 9)));               // cut off
  refused(forged("\1\0\0\0no zlib"s));
  refused(forged("\1\7\0\0"s + deflated("packed")));  // no such method
  refused(forged("\2\0\0\0plain"s));
  refused(forged("\0\0\0"s));            // no end of the language
  refused(forged("\0\0\0\0\xff\xfe"s));  // no UTF-8
  Bytes png = forged("\0\0\0\0plain"s);
  png[30] ^= 1;
  refused(png);  // the checksum
}
