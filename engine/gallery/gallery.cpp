#include "engine/gallery/gallery.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <optional>
#include <system_error>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/paths.h"
#include "engine/base/text.h"
#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"
#include "engine/gallery/picture_name.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBin = ".bin";
constexpr const char* kIndex = ".index.sqlite";
constexpr const char* kMarks = "collections.json";

// Zero, or the error: EEXIST if there is something at `to`, which is never replaced.
int move_to_free_name(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // A file system without that: a second name cannot be given where one is.
  if (::link(from.c_str(), to.c_str()) == 0) return ::unlink(from.c_str()) == 0 ? 0 : errno;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  std::error_code error;
  if (fs::exists(to, error)) return EEXIST;
  fs::rename(from, to, error);
  return error.value();
}

[[noreturn]] void refuse_moving(const fs::path& from, const fs::path& folder, int error) {
  const std::string why = std::generic_category().message(error);
  if (error == ENOENT)
    throw Failure(ErrorCode::kNotFound, "“" + from.string() + "” is gone", "it was moved or removed by another program", why);
  throw Failure(error == ENOSPC || error == EDQUOT ? ErrorCode::kDiskFull : ErrorCode::kUnwritable,
                "“" + from.filename().string() + "” cannot be moved to “" + folder.string() + "”: " + why,
                "check that you may write there; the file is where it was", why);
}

// In place of an error that would name a hidden file.
[[noreturn]] void refuse_keeping(const fs::path& folder, const Error& error) {
  const std::string where = "“" + folder.string() + "”";
  if (error.code == ErrorCode::kDiskFull)
    throw Failure(error.code, "no space is left to keep anything in " + where,
                  "free some disk space, or choose another folder for the gallery", error.detail);
  throw Failure(error.code, "nothing can be kept in " + where + (error.detail.empty() ? "" : ": " + error.detail),
                "check that you may write there, or choose another folder for the gallery", error.detail);
}

// Moves it to that name, or that with a number behind it, and returns what it is called there.
std::string move_into(const fs::path& from, const fs::path& folder, const std::string& name) {
  const fs::path wanted(name);
  for (int number = 1; number < 100'000; ++number) {
    std::string free = number == 1 ? name : wanted.stem().string() + "-" + std::to_string(number) + wanted.extension().string();
    const int error = move_to_free_name(from, folder / free);
    if (error == 0) return free;
    if (error != EEXIST) refuse_moving(from, folder, error);
  }
  refuse_moving(from, folder, EEXIST);
}

bool is_picture(const std::string& name) {
  return name.size() > 4 && !name.starts_with('.') && (name.ends_with(".png") || name.ends_with(".PNG"));
}

// A name that is a file of the folder itself, never a path out of it.
void check_name(const std::string& name) {
  if (!is_picture(name) || name.find('/') != std::string::npos)
    throw Failure(ErrorCode::kNotFound, "“" + name + "” is no picture of the gallery", "give a name as `gallery list` tells it");
}

struct Found {
  std::int64_t changed_ns = 0, bytes = 0;
};

std::map<std::string, Found> pictures_in(const fs::path& folder) {
  std::map<std::string, Found> found;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return found;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::string name = entries->path().filename().string();
    struct stat state {};
    if (!is_picture(name) || ::stat(entries->path().c_str(), &state) != 0 || !S_ISREG(state.st_mode)) continue;
    found[std::move(name)] = {std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec, state.st_size};
  }
  if (error) {
    throw Failure(ErrorCode::kUnreadable, "the gallery “" + folder.string() + "” cannot be read: " + error.message(),
                  "check that you may read this folder, or choose another one", error.message());
  }
  return found;
}

// The largest number of a file “STEM-0001.png” in the folder.
long long last_number(const fs::path& folder, const std::string& stem) {
  long long last = 0;
  std::error_code error;
  for (fs::directory_iterator entries(folder, error); !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (!is_picture(name) || !name.starts_with(stem + "-")) continue;
    const auto number = parse_int(std::string_view(name).substr(stem.size() + 1, name.size() - stem.size() - 5));
    if (number && *number < 1'000'000'000) last = std::max(last, *number);
  }
  return last;
}

}  // namespace

fs::path default_gallery() { return home_folder() / "gallery"; }

Gallery::Gallery(fs::path folder) : folder_(std::move(folder)) {}

std::vector<std::string> Gallery::collections() const {
  std::vector<std::string> names;
  for (const auto& entry : marks_.collections) names.push_back(entry.first);
  return names;
}

bool Gallery::refresh() {
  bool changed = read_changed();
  Marks marks;
  std::optional<Error> problem;
  try {
    marks = read_marks(folder_ / kMarks);
  } catch (const Failure& failure) {
    problem = failure.error();
  }
  changed |= marks != marks_;
  marks_ = std::move(marks);
  if (changed) mark_items();
  if (problem) throw Failure(*problem);
  return changed;
}

bool Gallery::read_changed() {
  const auto found = pictures_in(folder_);
  std::error_code ignored;
  if (!index_ && fs::is_directory(folder_, ignored)) {
    index_ = std::make_unique<GalleryIndex>(folder_ / kIndex);
    items_ = index_->items();
  }
  std::map<std::string, GalleryItem*> known;
  for (GalleryItem& item : items_) known[item.file] = &item;
  std::vector<GalleryItem> now;
  std::vector<std::string> read, gone;
  for (const auto& [name, state] : found) {
    const auto before = known.find(name);
    if (before != known.end() && before->second->changed_ns == state.changed_ns && before->second->bytes == state.bytes) {
      now.push_back(std::move(*before->second));
    } else {
      now.push_back(read_item(folder_.string(), name, state.changed_ns, state.bytes));
      read.push_back(name);
    }
    known.erase(name);
  }
  for (const auto& entry : known) gone.push_back(entry.first);
  items_ = std::move(now);
  std::vector<const GalleryItem*> put;
  for (const GalleryItem& item : items_) {
    if (std::binary_search(read.begin(), read.end(), item.file)) put.push_back(&item);
  }
  if (index_) index_->change(put, gone);
  const bool unmarked = !items_.empty() && items_.front().words.empty();  // they are the index's
  if (items_.empty() && !fs::is_directory(folder_, ignored)) index_.reset();
  return unmarked || !read.empty() || !gone.empty();
}

void Gallery::mark_items() {
  std::map<std::string, std::vector<std::string>> of_file;
  for (const auto& [name, files] : marks_.collections) {
    for (const std::string& file : files) of_file[file].push_back(name);
  }
  for (GalleryItem& item : items_) {
    item.starred = marks_.starred.contains(item.file);
    const auto found = of_file.find(item.file);
    item.collections = found == of_file.end() ? std::vector<std::string>() : found->second;
    gather_words(item);
  }
}

std::string Gallery::keep(const Image& image, const PictureRecipe& picture) {
  return write(encode_png(image, picture), picture, "sprite");
}

std::string Gallery::add(const fs::path& png) {
  const Bytes bytes = read_image_bytes(png);
  const std::string name = png.filename().string();
  decode_image(bytes, name);
  if (png_chunks(bytes).empty())
    throw Failure(ErrorCode::kUnsupported, "“" + name + "” is no PNG, and a gallery holds nothing else", "save it as PNG first");
  return write(bytes, recipe_in_png(bytes, name).value_or(PictureRecipe()), png.stem().string());
}

std::string Gallery::write(const Bytes& png, const PictureRecipe& picture, const std::string& fallback) {
  const std::string stem = picture_stem(picture, fallback);
  // Under a hidden name first: at its own it is whole, and nothing that came there meanwhile is written over.
  const fs::path hidden = folder_ / (".new-" + std::to_string(::getpid()) + ".png");
  try {
    write_file(hidden, png);
  } catch (const Failure& failure) {
    ::unlink(hidden.c_str());
    refuse_keeping(folder_, failure.error());
  }
  long long number = std::max(last_number(folder_, stem), last_number(folder_ / kBin, stem));
  for (;;) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "-%04lld.png", ++number);
    const int error = move_to_free_name(hidden, folder_ / (stem + digits));
    if (error == 0) return stem + digits;
    if (error == EEXIST) continue;
    ::unlink(hidden.c_str());
    refuse_moving(hidden, folder_, error);
  }
}

void Gallery::remove(const std::vector<std::string>& files) {
  std::error_code error;
  fs::create_directories(folder_ / kBin, error);
  std::vector<Removed> removed;
  std::optional<Error> problem;
  for (const std::string& file : files) {
    try {
      check_name(file);
      removed.push_back({file, move_into(folder_ / file, folder_ / kBin, file), {}});
    } catch (const Failure& failure) {
      problem = failure.error();
    }
  }
  const auto take = [&](Marks& marks) {
    for (Removed& each : removed) each.marks = take_marks(marks, each.file);
  };
  if (!removed.empty()) {
    try {
      change_marks(take);
    } catch (const Failure&) {  // they stay, for when the file comes back
    }
    removed_.push_back(std::move(removed));
  }
  if (problem) throw Failure(*problem);
}

std::vector<std::string> Gallery::undo() {
  if (removed_.empty()) throw Failure(ErrorCode::kNotFound, "nothing was thrown away", "look into “.bin” in the gallery's folder");
  const std::vector<Removed> last = std::move(removed_.back());
  removed_.pop_back();
  std::vector<std::string> names;
  std::optional<Error> problem;
  Marks marks;
  for (const Removed& each : last) {
    try {
      names.push_back(move_into(folder_ / kBin / each.binned, folder_, each.file));
      put_marks(marks, each.marks, names.back());
    } catch (const Failure& failure) {
      problem = failure.error();
    }
  }
  if (marks != Marks()) {
    change_marks([&](Marks& all) {
      all.starred.merge(marks.starred);
      for (auto& [name, files] : marks.collections) all.collections[name].merge(files);
    });
  }
  if (problem) throw Failure(*problem);
  return names;
}

std::vector<std::string> Gallery::binned() const {
  std::vector<std::string> names;
  for (const auto& entry : pictures_in(folder_ / kBin)) names.push_back(entry.first);
  return names;
}

std::string Gallery::restore(const std::string& binned) {
  check_name(binned);
  return move_into(folder_ / kBin / binned, folder_, binned);
}

void Gallery::check_there(const std::vector<std::string>& files) const {
  for (const std::string& file : files) {
    if (std::none_of(items_.begin(), items_.end(), [&](const GalleryItem& item) { return item.file == file; }))
      throw Failure(ErrorCode::kNotFound, "there is no “" + file + "” in the gallery", "`gallery list` tells the names");
  }
}

void Gallery::star(const std::vector<std::string>& files, bool on) {
  check_there(files);
  change_marks([&](Marks& marks) {
    for (const std::string& file : files) {
      if (on)
        marks.starred.insert(file);
      else
        marks.starred.erase(file);
    }
  });
}

void Gallery::collect(const std::vector<std::string>& files, const std::string& collection, bool in) {
  const std::string name(trimmed(collection));
  check_there(files);
  if (name.empty()) throw Failure(ErrorCode::kInvalidArgument, "a collection has no name", "give it one");
  change_marks([&](Marks& marks) {
    for (const std::string& file : files) {
      if (in)
        marks.collections[name].insert(file);
      else
        marks.collections[name].erase(file);
    }
    if (marks.collections[name].empty()) marks.collections.erase(name);
  });
}

template <class Change>
void Gallery::change_marks(Change change) {
  Marks marks = read_marks(folder_ / kMarks);  // as another program may have left them
  const Marks before = marks;
  change(marks);
  if (marks != before) write_marks(folder_ / kMarks, marks);
  marks_ = std::move(marks);
  mark_items();
}

}  // namespace kiln
