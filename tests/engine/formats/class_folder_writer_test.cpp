#include "engine/formats/class_folder_writer.h"

#include <doctest/doctest.h>

#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("classes whose names become one folder's keep a folder each") {
  const TemporaryFolder scratch;
  ClassFolderWriter writer(scratch / "set");
  Image image(1, 1);
  int number = 0;
  for (const std::string name : {"fire/ice", "fire_ice", "Fire_Ice", "..", "fire/ice"}) {
    image.pixel(0, 0)[0] = static_cast<std::uint8_t>(++number);
    image.pixel(0, 0)[3] = 255;
    writer.add(name, "a", image);
  }
  writer.finish();
  const auto listing = list_image_folder(scratch / "set");
  std::map<std::string, int> counts;
  for (const auto& found : listing.images) ++counts[found.class_name];
  CHECK(counts.size() == 4);
  CHECK(counts["fire_ice"] == 2);
  CHECK(counts["fire_ice-2"] == 1);
  CHECK(counts["Fire_Ice-3"] == 1);
  CHECK(read_image(scratch / "set/fire_ice-2/a.png").pixel(0, 0)[0] == 2);
}
