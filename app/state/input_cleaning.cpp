#include "app/state/input_cleaning.h"

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "engine/api/recipe_json.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/gallery/gallery.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kMostBatchBytes = std::size_t{64} << 20;
constexpr auto kUnused = std::chrono::hours(24 * 30);

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_input_name(const std::string& name) {
  if (name.size() != kHashDigits + 4 || !name.ends_with(".png")) return false;
  for (std::size_t i = 0; i < kHashDigits; ++i) {
    if (!is_hex_digit(name[i])) return false;
  }
  return true;
}

bool is_old(const fs::path& file, fs::file_time_type before) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error)) || error) return false;
  const auto time = fs::last_write_time(file, error);
  return !error && time < before;
}

std::vector<fs::path> old_inputs(const fs::path& folder, fs::file_time_type before) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error); !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (is_input_name(entries->path().filename().string()) && is_old(entries->path(), before)) found.push_back(entries->path());
  }
  return found;
}

// All that may be a SHA-256 in a text, or in CBOR, where a digit of what follows may stand right behind it.
void gather_hashes(std::string_view text, std::set<std::string>& hashes) {
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    digits = is_hex_digit(text[i]) ? digits + 1 : 0;
    if (digits >= kHashDigits) hashes.emplace(text.substr(i + 1 - kHashDigits, kHashDigits));
  }
}

void gather_of_batch(const fs::path& file, std::set<std::string>& hashes) {
  std::error_code error;
  if (!fs::exists(file, error) && !error) return;
  const Bytes bytes = read_file(file, kMostBatchBytes);
  gather_hashes({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, hashes);
}

void gather_of_gallery(const fs::path& folder, std::set<std::string>& hashes) {
  Gallery gallery(folder);
  gallery.refresh();
  for (const GalleryItem& item : gallery.items()) gather_hashes(item.recipe, hashes);
  for (const std::string& name : gallery.binned()) {
    try {
      if (const auto recipe = read_recipe((folder / ".bin" / name).string())) gather_hashes(recipe_text(*recipe), hashes);
    } catch (const Failure& failure) {
      if (failure.error().code == ErrorCode::kUnreadable) throw;  // a recipe that is damaged is of no use any more
    }
  }
}

}  // namespace

std::size_t clean_input_images(const fs::path& home, const fs::path& gallery, fs::file_time_type before) {
  const std::vector<fs::path> old = old_inputs(home / "inputs", before);
  if (old.empty()) return 0;
  std::set<std::string> hashes;
  gather_of_batch(home / "last-batch.cbor", hashes);
  gather_of_gallery(gallery, hashes);
  std::size_t removed = 0;
  for (const fs::path& file : old) {
    std::error_code error;
    // It may have been used again meanwhile.
    if (!hashes.contains(file.stem().string()) && is_old(file, before) && fs::remove(file, error)) ++removed;
  }
  return removed;
}

void clean_old_input_images(const fs::path& home, const fs::path& gallery) {
  try {
    std::error_code error;
    // A gallery elsewhere that is not there may be on a disk that is.
    if (gallery != home / "gallery" && !fs::is_directory(gallery, error)) return;
    clean_input_images(home, gallery, fs::file_time_type::clock::now() - kUnused);
  } catch (const Failure& failure) {
    log_warn("images in “inputs” were not cleaned up: " + failure.error().message + ": " + failure.error().detail);
  } catch (const std::exception& e) {
    log_warn(std::string("images in “inputs” were not cleaned up: ") + e.what());
  }
}

}  // namespace kiln
