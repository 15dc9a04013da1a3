#include "engine/training/strip_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path strip_path(const fs::path& run, std::int64_t step, const char* ending) {
  std::string number = std::to_string(step);
  number.insert(0, number.size() < 8 ? 8 - number.size() : 0, '0');
  return run / "strips" / (number + ending);
}

void copy_cell(const Image& from, int from_x, int from_y, Image& to, int to_x, int to_y, int width, int height) {
  for (int y = 0; y < height; ++y)
    std::copy_n(from.pixel(from_x, from_y + y), static_cast<std::size_t>(width) * 4, to.pixel(to_x, to_y + y));
}

SampleStrip decoded_strip(const fs::path& run, std::int64_t step) {
  const json document = json::parse(read_text(strip_path(run, step, ".json")));
  const Image sheet = read_image(strip_path(run, step, ".png"));
  SampleStrip strip;
  strip.step = step;
  strip.columns = document.at("columns").get<int>();
  strip.classes = document.at("classes").get<std::vector<std::string>>();
  const int width = document.at("width").get<int>(), height = document.at("height").get<int>();
  const auto rows = static_cast<int>(strip.classes.size());
  if (strip.columns < 1 || width < 1 || height < 1 || sheet.width != (2 * strip.columns + 1) * width ||
      sheet.height != rows * height) {
    throw Failure(ErrorCode::kCorrupt, "a strip does not fit its picture", "remove it");
  }
  const auto cell = [&](int column, int row) {
    Image image(width, height);
    copy_cell(sheet, column * width, row * height, image, 0, 0, width, height);
    return image;
  };
  for (int i = 0; i < rows * strip.columns; ++i) {
    const int row = i / strip.columns, column = i % strip.columns;
    strip.sprites.push_back(cell(column, row));
    const auto& neighbour = document.at("neighbours").at(static_cast<std::size_t>(i));
    strip.neighbours.push_back(
        {neighbour.at("file").get<std::string>(), cell(strip.columns + 1 + column, row), neighbour.at("distance").get<double>()});
  }
  return strip;
}

}  // namespace

bool has_strip(const fs::path& run, std::int64_t step) {
  std::error_code error;
  return fs::exists(strip_path(run, step, ".json"), error);
}

void write_strip(const fs::path& run, const SampleStrip& strip) {
  if (strip.sprites.empty()) return;
  const int width = strip.sprites.front().width, height = strip.sprites.front().height;
  const auto rows = static_cast<int>(strip.sprites.size()) / strip.columns;
  Image sheet((2 * strip.columns + 1) * width, rows * height);
  json neighbours = json::array();
  for (std::size_t i = 0; i < strip.sprites.size(); ++i) {
    const int row = static_cast<int>(i) / strip.columns, column = static_cast<int>(i) % strip.columns;
    copy_cell(strip.sprites[i], 0, 0, sheet, column * width, row * height, width, height);
    copy_cell(strip.neighbours[i].image, 0, 0, sheet, (strip.columns + 1 + column) * width, row * height, width, height);
    neighbours.push_back({{"file", strip.neighbours[i].file}, {"distance", strip.neighbours[i].distance}});
  }
  write_png(strip_path(run, strip.step, ".png"), sheet);
  const json document = {{"step", strip.step}, {"columns", strip.columns}, {"width", width},
                         {"height", height},   {"classes", strip.classes}, {"neighbours", neighbours}};
  write_file(strip_path(run, strip.step, ".json"), document.dump(2, ' ', false, json::error_handler_t::replace));
}

std::vector<std::int64_t> strip_steps(const fs::path& run) {
  std::vector<std::int64_t> steps;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run / "strips", error)) {
    if (entry.path().extension() != ".json") continue;  // written last
    if (const auto step = parse_int(entry.path().stem().string()); step && *step >= 0) steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

std::optional<SampleStrip> read_strip(const fs::path& run, std::int64_t step) {
  try {
    return decoded_strip(run, step);
  } catch (const Failure&) {
    return std::nullopt;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

void trim_strips(const fs::path& run, std::int64_t last_step) {
  std::vector<fs::path> later;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run / "strips", error)) {
    const fs::path& path = entry.path();
    const auto step = parse_int(path.stem().string());
    if (step && *step > last_step && (path.extension() == ".json" || path.extension() == ".png")) later.push_back(path);
  }
  for (const auto& path : later) fs::remove(path, error);
}

}  // namespace kiln
