#include "engine/formats/palette_file.h"

#include <doctest/doctest.h>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

const std::vector<Rgb8> kColours = {{0, 0, 0}, {255, 128, 7}, {18, 52, 86}};

Error error_for(const std::string& text) {
  return error_of([&] { parse_palette(text, "p"); });
}

}  // namespace

TEST_CASE("palettes as other programs write them") {
  const Palette gimp =
      parse_palette("GIMP Palette\nName: Dusk \nColumns: 8\n# comment\n  0   0   0\tblack\n255 128   7\n 18 52 86 Sea\n", "p");
  CHECK(gimp.name == "Dusk");
  CHECK(gimp.colours == kColours);
  CHECK(parse_palette("000000\nff8007\n123456\n", "p").colours == kColours);
  CHECK(parse_palette("#000000\r\n#FF8007\r\n#123456", "p").colours == kColours);
  const Palette jasc = parse_palette("JASC-PAL\r\n0100\r\n3\r\n0 0 0\r\n255 128 7\r\n18 52 86\r\n", "p");
  CHECK(jasc.colours == kColours);
  CHECK(jasc.name == "p");
}

TEST_CASE("a palette that does not name itself has its file's name") {
  const TemporaryFolder scratch;
  write_file(scratch / "dusk.hex", std::string_view("000000\nff8007\n123456\n"));
  CHECK(read_palette(scratch / "dusk.hex") == Palette{"dusk", kColours});
}

TEST_CASE("lines that are no colours are named") {
  CHECK(error_for("GIMP Palette\n0 0 0\n0 256 0\n").message.find("line 3") != std::string::npos);
  for (const std::string bad :
       {"", "\n\n", "GIMP Palette\n", "GIMP Palette\n1 2\n", "12345\n", "1234567\n", "xxyyzz\n", "-12345\n",
        "JASC-PAL\n0100\n2\n0 0 0\n", "JASC-PAL\n0100\n", "JASC-PAL\n", "JASC-PAL\n0200\n1\n0 0 0\n", "\x89PNG\r\n"}) {
    CAPTURE(bad);
    CHECK(error_for(bad).code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("alpha of entries: those that are fully transparent are no colours") {
  const std::string rgba = "GIMP Palette\nName: x\nColumns: 4\nChannels: RGBA\n";
  CHECK(parse_palette(rgba + "0 0 0 255\tblack\n255 128 7 200\n18 52 86 255\n9 9 9 0\tTransparent\n", "p").colours == kColours);
  CHECK(parse_palette("JASC-PAL\n0100\n4\n0 0 0 255\n255 128 7 255\n18 52 86 1\n1 2 3 0\n", "p").colours == kColours);
  CHECK(parse_palette("JASC-PAL\n0100\n3\n0 0 0 \n255  128 7\n18 52 86\n", "p").colours == kColours);
  CHECK(parse_palette("000000ff\nff8007ff\n12345680\n11223300\n", "p").colours == kColours);
}

TEST_CASE("hex in its other spellings") {
  CHECK(parse_palette("#000\n#ff8007\n123456\n", "p").colours == kColours);
  CHECK(parse_palette("0x000000\n0xFF8007\n0X123456\n", "p").colours == kColours);
  CHECK(parse_palette("; paint.net Palette File\r\n; Colors: 4\r\nFF000000\r\nFFFF8007\r\nFF123456\r\n00FFFFFF\r\n", "p").colours ==
        kColours);
  CHECK(parse_palette("000000\rff8007\r123456\r", "p").colours == kColours);
}

TEST_CASE("where alpha stands among eight digits: by the file's ending, or where every entry has ff") {
  const std::string first = "FF000000\nFFFF8007\nFF123456\n";
  CHECK(parse_palette(first, "dusk.txt").colours == kColours);
  CHECK(parse_palette(first, "dusk.hex").colours == kColours);
  CHECK(parse_palette("80000000\nFFFF8007\nFF123456\n00aabbcc\n", "DUSK.TXT").colours == kColours);
  CHECK(parse_palette("000000ff\nff8007ff\n123456ff\n", "dusk.txt").colours == kColours);
  CHECK(parse_palette("#00000080\n#ff8007ff\n#123456ff\n", "dusk.txt").colours == kColours);
}

TEST_CASE("colours with four digits, and several in a line") {
  CHECK(parse_palette("#000f\n#ff8007\n#123456\n#fff0\n", "p").colours == kColours);
  CHECK(parse_palette("000000, ff8007, 123456", "p").colours == kColours);
  CHECK(parse_palette("#000 #ff8007\t#123456\n", "p").colours == kColours);
  CHECK(error_for("300 400 500\n").code == ErrorCode::kCorrupt);
  CHECK(error_for("a list of colours\n").message.find("a text and no palette: line 1") != std::string::npos);
  CHECK(error_for("000000\nblack\n").message.find("no colour in line 2") != std::string::npos);
}

TEST_CASE("palettes in files that are no text") {
  const TemporaryFolder scratch;
  const auto colours_in = [&](const std::string& name, const Bytes& bytes) {
    write_file(scratch / name, bytes);
    return read_palette(scratch / name).colours;
  };
  Image image(4, 1);
  const std::uint8_t rgba[16] = {0, 0, 0, 255, 255, 128, 7, 255, 9, 9, 9, 0, 18, 52, 86, 255};
  std::copy(std::begin(rgba), std::end(rgba), image.rgba.begin());
  CHECK(colours_in("strip.png", encode_png(image)) == kColours);
  // An indexed PNG's table, in its order: red, a transparent green, blue.
  CHECK(read_palette(golden("indexed.png")).colours == std::vector<Rgb8>{{255, 0, 0}, {0, 0, 255}});

  // A table that a picture with colours of its own only proposes is none of them.
  Bytes proposing = png_beginning();
  const Bytes strip = encode_png(image);
  for (const PngChunk& chunk : png_chunks(strip)) {
    append_png_chunk(proposing, chunk.type, chunk.data);
    if (chunk.type == "IHDR") append_png_chunk(proposing, "PLTE", Bytes{9, 9, 9, 1, 2, 3});
  }
  CHECK(colours_in("proposing.png", proposing) == kColours);

  Bytes act(768, 0);
  const std::uint8_t table[9] = {0, 0, 0, 255, 128, 7, 18, 52, 86};
  std::copy(std::begin(table), std::end(table), act.begin());
  CHECK(colours_in("full.act", act).size() == 256);
  Bytes counted = act;
  counted.insert(counted.end(), {0, 3, 0xff, 0xff});
  CHECK(colours_in("counted.act", counted) == kColours);
  CHECK(colours_in("COUNTED.Act", counted) == kColours);
  counted[770] = 0, counted[771] = 1;  // the second is transparent
  CHECK(colours_in("transparent.act", counted) == std::vector<Rgb8>{{0, 0, 0}, {18, 52, 86}});

  Bytes riff = {'R', 'I', 'F', 'F', 28, 0, 0, 0, 'P', 'A', 'L', ' ', 'd', 'a', 't', 'a', 16, 0, 0, 0, 0, 3, 3, 0};
  for (const Rgb8& colour : kColours) riff.insert(riff.end(), {colour.r, colour.g, colour.b, 0});
  CHECK(colours_in("windows.pal", riff) == kColours);
  Bytes later = riff;  // behind a chunk of three bytes, filled up to four
  const Bytes other = {'n', 'o', 't', 'e', 3, 0, 0, 0, 'a', 'b', 'c', 0};
  later.insert(later.begin() + 12, other.begin(), other.end());
  CHECK(colours_in("later.pal", later) == kColours);
  riff.pop_back();
  write_file(scratch / "cut.pal", riff);
  CHECK(error_of([&] { read_palette(scratch / "cut.pal"); }).code == ErrorCode::kCorrupt);

  CHECK(!read_palette(golden("indexed.aseprite")).colours.empty());
  write_file(scratch / "adobe.ase", std::string_view("ASEF\0\1", 6));
  CHECK(error_of([&] { read_palette(scratch / "adobe.ase"); }).message.find("Adobe") != std::string::npos);
  write_file(scratch / "page.hex", std::string_view("<!DOCTYPE html>"));
  CHECK(error_of([&] { read_palette(scratch / "page.hex"); }).message.find("a web page") != std::string::npos);
}

TEST_CASE("texts in UTF-16, colours with commas, and a count that does not fit") {
  const TemporaryFolder scratch;
  const std::string hex = "000000\r\nff8007\r\n123456\r\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      Bytes bytes;
      for (const char c : (mark ? std::string(1, '\0') : std::string()) + hex) {
        const std::uint8_t low = c == 0 ? 0xff : static_cast<std::uint8_t>(c), high = c == 0 ? 0xfe : 0;
        bytes.insert(bytes.end(), {big ? high : low, big ? low : high});
      }
      write_file(scratch / "wide.hex", bytes);
      CHECK(read_palette(scratch / "wide.hex").colours == kColours);
    }
  }
  CHECK(parse_palette("0,0,0\n255, 128, 7\n18,52,86\n", "p").colours == kColours);
  const Error error = error_for("JASC-PAL\n0100\n5\n0 0 0\n1 1 1\n");
  CHECK(error.message.find("5 colours, and holds 2") != std::string::npos);
  write_file(scratch / "latin.gpl", std::string_view("GIMP Palette\nName: gr\xfc"
                                                     "n\n0 0 0\n"));
  CHECK(error_of([&] { read_palette(scratch / "latin.gpl"); }).hint.find("UTF-8") != std::string::npos);
}
