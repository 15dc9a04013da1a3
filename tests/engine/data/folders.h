#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/image.h"
#include "engine/data/collection_reader.h"
#include "engine/data/preprocessing.h"
#include "engine/data/report.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace kiln::test {

// An image from rows of letters: '.' is transparent, a digit an opaque colour of its own, 's' half-transparent red.
inline Image picture(const std::vector<std::string>& rows) {
  Image image(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const char letter = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      if (letter == '.') continue;
      auto* p = image.pixel(x, y);
      const int n = letter == 's' ? 9 : letter - '0';
      p[0] = static_cast<std::uint8_t>(n * 25), p[1] = static_cast<std::uint8_t>(200 - n * 20),
      p[2] = static_cast<std::uint8_t>(n * n * 3), p[3] = letter == 's' ? 100 : 255;
    }
  }
  return image;
}

inline SpriteCollection collection_of(const std::vector<std::pair<std::string, Image>>& sprites) {
  SpriteCollection collection;
  for (const auto& [class_name, image] : sprites)
    collection.sprites.push_back({class_name + "/" + std::to_string(collection.sprites.size()) + ".png", class_name, image});
  return collection;
}

inline void fix(SpriteCollection& collection, Preprocessing preprocessing) {
  PreprocessingWork work(collection, std::move(preprocessing));
  while (work.step()) {
  }
}

inline DatasetReport report_on(const SpriteCollection& collection) {
  ReportWork work(collection, "set");
  while (work.step()) {
  }
  return work.take();
}

}  // namespace kiln::test
