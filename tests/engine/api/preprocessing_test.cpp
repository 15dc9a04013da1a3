#include "engine/api/preprocessing.h"

#include <doctest/doctest.h>

#include "tests/support/errors.h"

using namespace kiln;

namespace {

const Preprocessing kAll{.hold_out = {"val", "my test"},
                         .renames = {{"a", "c"}, {"old name", "new"}},
                         .drop_classes = {"d"},
                         .flip_classes = {"*"},
                         .key_colour = "#ff00ff",
                         .background_to_alpha = true,
                         .hard_alpha = true,
                         .drop_empty = true,
                         .downscale = kDetectFactor,
                         .crop = true,
                         .pad = {24, 16},
                         .palette = "auto:32",
                         .drop_duplicates = true,
                         .drop_near_duplicates = true};

}  // namespace

TEST_CASE("every step is told as an option of the command line, quoted where a shell needs it") {
  CHECK(flags_of({}).empty());
  CHECK(flags_of({.pad = {24, 16}}) == "--pad 24x16");
  CHECK(flags_of(kAll) ==
        "--hold-out val --hold-out 'my test' --merge a=c --merge 'old name=new' --drop-class d --flip '*' --key-colour '#ff00ff' "
        "--background-to-alpha --hard-alpha "
        "--drop-empty --downscale "
        "auto --crop --pad 24x16 --palette auto:32 --drop-duplicates --drop-near-duplicates");
}

TEST_CASE("options are read as they are written, and others are refused") {
  Preprocessing read;
  const auto give = [&](const char* id, const char* text) {
    for (const PreprocessingStep& step : kPreprocessingSteps) {
      if (step.id == std::string(id)) set_from_text(step, text, read);
    }
  };
  give("renames", "a=c");
  give("renames", "b=c");
  give("drop_classes", "d");
  give("downscale", "auto");
  give("pad", "24x16");
  give("palette", "auto:32");
  CHECK((read == Preprocessing{.renames = {{"a", "c"}, {"b", "c"}},
                               .drop_classes = {"d"},
                               .downscale = kDetectFactor,
                               .pad = {24, 16},
                               .palette = "auto:32"}));
  give("downscale", "3");
  give("pad", "16");
  CHECK(read.downscale == 3);
  CHECK((read.pad == PixelSize{16, 16}));
  for (const auto& [id, text] : {std::pair("downscale", "0"),
                                 {"downscale", "many"},
                                 {"downscale", "65"},
                                 {"pad", "16x"},
                                 {"pad", "1x2x3"},
                                 {"renames", "a"},
                                 {"renames", "=a"},
                                 {"renames", "a="}}) {
    CAPTURE(text);
    CHECK(test::error_of([&] { give(id, text); }).code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("every fix is applied and taken back, and leaves the others as they are") {
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    CAPTURE(step.id);
    Preprocessing fix;
    std::visit([&](auto field) { fix.*field = kAll.*field; }, step.field);
    CHECK(&step_of(fix) == &step);
    Preprocessing preprocessing;
    CHECK_FALSE(is_applied(fix, preprocessing));
    apply(fix, preprocessing);
    CHECK(is_applied(fix, preprocessing));
    CHECK_FALSE(label_of(fix, preprocessing).empty());
    CHECK(label_of(fix, preprocessing).find('%') == std::string::npos);
    take_back(fix, preprocessing);
    CHECK_FALSE(is_applied(fix, preprocessing));
    preprocessing = kAll;
    take_back(fix, preprocessing);
    apply(fix, preprocessing);
    CHECK(is_applied(fix, preprocessing));
  }
}

TEST_CASE("a class is merged beside others, and into one only") {
  const Preprocessing merge{.renames = {{"Potion", "potion"}}};
  Preprocessing preprocessing{.renames = {{"Potion", "flask"}, {"axe", "sword"}}};
  CHECK_FALSE(is_applied(merge, preprocessing));
  apply(merge, preprocessing);
  CHECK((preprocessing.renames == ClassRenames{{"axe", "sword"}, {"Potion", "potion"}}));
  take_back(merge, preprocessing);
  CHECK((preprocessing.renames == ClassRenames{{"axe", "sword"}}));
}

TEST_CASE("near copies go with equal ones, as they are looked for among different pictures") {
  Preprocessing preprocessing;
  apply({.drop_near_duplicates = true}, preprocessing);
  CHECK(preprocessing.drop_duplicates);
  take_back({.drop_duplicates = true}, preprocessing);
  CHECK_FALSE(preprocessing.drop_near_duplicates);
  preprocessing.drop_duplicates = preprocessing.drop_near_duplicates = true;
  take_back({.drop_near_duplicates = true}, preprocessing);
  CHECK(preprocessing.drop_duplicates);
}

TEST_CASE("a label tells the value that is set, or else the one that would be") {
  const Preprocessing pad{.pad = {24, 16}};
  CHECK(label_of(pad, {}) == "Pad to 24×16");
  CHECK(label_of(pad, {.pad = {32, 32}}) == "Pad to 32×32");
  CHECK(label_of({.hold_out = {"test", "val"}}, {}) == "Put “test”, “val” aside for measuring");
  CHECK(label_of({.palette = "auto:32"}, {}) == "Bring all to 32 colours");
  CHECK(label_of({.palette = "auto:32"}, {.palette = "/art/dusk.gpl"}) == "Bring all to the colours of dusk.gpl");
  CHECK(label_of({.renames = {{"Potion", "potion"}}}, {.renames = {{"a", "b"}}}) == "Merge “Potion” into “potion”");
}
