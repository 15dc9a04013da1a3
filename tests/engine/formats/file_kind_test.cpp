#include "engine/formats/file_kind.h"

#include <doctest/doctest.h>

#include "support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("files are known by their first bytes") {
  const auto kind = [](const std::string& name) { return kind_of_file(golden(name)).value_or(FileKind{"unknown", ""}).what; };
  CHECK(kind("rgba.png") == "a PNG image");
  CHECK(kind("indexed.gif") == "a GIF image");
  CHECK(kind("photo.jpg") == "a JPEG image");
  CHECK(kind("still.webp") == "a WebP image");
  CHECK(kind("f4.npy") == "a NumPy array");
  CHECK(kind("small.pth") == "a ZIP archive");
  CHECK(kind("rgba.tga") == "unknown");
}

TEST_CASE("texts are known by how they begin") {
  const auto kind = [](const std::string& text) {
    return kind_of_file(Bytes(text.begin(), text.end())).value_or(FileKind{"unknown", ""}).what;
  };
  CHECK(kind("\xef\xbb\xbf\n <HTML>") == "a web page");
  CHECK(kind("<?xml version=\"1.0\"?>\n<tileset name=\"x\">") == "a tile set of Tiled");
  CHECK(kind("<?xml version=\"1.0\"?>\n<svg>") == "a vector drawing (SVG)");
  CHECK(kind("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>") == "a server's answer in place of the file");
  CHECK(kind("<Error><Code>NoSuchKey</Code></Error>") == "a server's answer in place of the file");
  CHECK(kind("{\"weight_map\": {}}") == "the index of weights in several files");
  CHECK(kind("{}") == "a JSON text");
  CHECK(kind("a note") == "unknown");
  CHECK(kind("") == "unknown");
}
