#include "app/widgets/ui_map.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/app/widgets/unseen.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

struct MapFile {
  fs::path path = fs::temp_directory_path() / ("spritekiln-ui-map-" + std::to_string(::getpid()) + ".json");
  MapFile() { ::setenv("SPRITEKILN_UI_MAP", path.c_str(), 1); }
  ~MapFile() {
    ::unsetenv("SPRITEKILN_UI_MAP");
    fs::remove(path);
  }
  MapFile(const MapFile&) = delete;
  MapFile& operator=(const MapFile&) = delete;

  nlohmann::json read() const { return nlohmann::json::parse(std::ifstream(path)); }
};

// A frame with a button whose value is the version of the set.
void draw(UiMap& map, const Mirror& mirror, std::uint64_t frame) {
  map.begin_frame();
  ImGui::NewFrame();
  ImGui::SetNextWindowSize({200, 100});
  ImGui::Begin("window");
  ImGui::Button("set");
  map.note("set", ParamValue(static_cast<std::int64_t>(mirror.dataset.version())));
  ImGui::End();
  ImGui::Render();
  map.end_frame(mirror, {}, frame);
}

TEST_CASE("The map of the window tells one frame: news that came after it wait for the frame that shows them") {
  const Unseen unseen;
  const MapFile file;
  UiMap map;
  REQUIRE(map.on());
  Mirror mirror;
  draw(map, mirror, 1);
  draw(map, mirror, 2);  // a window is laid out unseen first

  SpriteSource source;
  source.path = "/sprites";
  mirror.dataset.open(source);
  const JobId job = std::get<CheckDataset>(mirror.take_commands().at(0)).job;
  DatasetReport report;
  report.sprites = 5;
  mirror.apply(Event{DatasetChecked{job, report, {}}});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});

  map.write(1.0);
  CHECK(file.read()["data"]["version"] == 0);
  CHECK(file.read()["widgets"]["set"]["value"] == 0);
  draw(map, mirror, 3);
  map.write(2.0);
  CHECK(file.read()["data"]["version"] == 1);
  CHECK(file.read()["widgets"]["set"]["value"] == 1);
  CHECK(file.read()["frames"] == 3);
}

TEST_CASE("The map of the window tells what the left mouse button was pressed on, until it is pressed again") {
  const Unseen unseen;
  const MapFile file;
  UiMap map;
  const Mirror mirror;
  draw(map, mirror, 1);
  draw(map, mirror, 2);
  map.write(1.0);
  const std::vector<int> rect = file.read()["widgets"]["set"]["rect"];
  const auto press = [&](float x, float y, double at_s) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {x, y};
    io.MouseDown[ImGuiMouseButton_Left] = true;
    draw(map, mirror, 3);
    io.MouseDown[ImGuiMouseButton_Left] = false;
    draw(map, mirror, 4);
    map.write(at_s);
    return file.read()["pressed"];
  };
  const float x = static_cast<float>(rect[0]) + 2, y = static_cast<float>(rect[1]) + 2;
  CHECK(press(x, y, 2.0) == nlohmann::json{{"count", 1}, {"widgets", {"set"}}});
  CHECK(press(x + 5000, y, 3.0) == nlohmann::json{{"count", 2}, {"widgets", nlohmann::json::array()}});
}

}  // namespace
}  // namespace kiln
