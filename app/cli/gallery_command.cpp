#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "engine/api/recipe_json.h"
#include "engine/base/paths.h"
#include "engine/base/text.h"
#include "engine/gallery/gallery.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

struct GalleryOptions {
  std::string folder, search, collection, order = kGalleryOrders[0];
  std::vector<std::string> files;
  bool starred = false, binned = false, off = false, json = false;
};

void print_json(const nlohmann::json& document) {
  std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

Gallery opened(const GalleryOptions& options) {
  Gallery gallery(options.folder.empty() ? default_gallery() : std::filesystem::path(with_home(options.folder)));
  gallery.refresh();
  return gallery;
}

GalleryOrder order_of(const std::string& name) {
  const auto found = std::find(std::begin(kGalleryOrders), std::end(kGalleryOrders), name);
  if (found == std::end(kGalleryOrders)) {
    const std::vector<std::string> known(std::begin(kGalleryOrders), std::end(kGalleryOrders));
    throw Failure(ErrorCode::kInvalidArgument, "there is no order “" + name + "”", name_hint(name, known));
  }
  return static_cast<GalleryOrder>(found - std::begin(kGalleryOrders));
}

nlohmann::json item_json(const Gallery& gallery, const GalleryItem& item) {
  nlohmann::json out = {{"file", item.file},       {"path", (gallery.folder() / item.file).string()},
                        {"date", day_of(item)},    {"width", item.width},
                        {"height", item.height},   {"class", item.class_name},
                        {"model", item.model},     {"starred", item.starred},
                        {"sprites", item.sprites}, {"collections", item.collections},
                        {"colours", item.colours}};
  if (!item.recipe.empty()) out["seed"] = item.seed;
  if (!item.problem.empty()) out["problem"] = item.problem;
  return out;
}

void list(const GalleryOptions& options) {
  const Gallery gallery = opened(options);
  if (options.binned) {
    const auto names = gallery.binned();
    if (options.json) return print_json(names);
    for (const std::string& name : names) std::printf("%s\n", name.c_str());
    return;
  }
  const auto chosen = chosen_items(gallery.items(), options.search, options.starred, options.collection, order_of(options.order));
  nlohmann::json document = nlohmann::json::array();
  for (const std::size_t place : chosen) {
    const GalleryItem& item = gallery.items()[place];
    if (options.json) {
      document.push_back(item_json(gallery, item));
      continue;
    }
    const std::string what = !item.problem.empty() ? item.problem
                             : item.recipe.empty() ? "no recipe"
                                                   : item.class_name + ", " + item.model;
    std::printf("%s %-28s %s  %dx%d  %s\n", item.starred ? "*" : " ", item.file.c_str(), day_of(item).c_str(), item.width,
                item.height, what.c_str());
  }
  if (options.json) print_json(document);
}

// A file of the gallery by its name, or any other by its path.
std::string path_of(const GalleryOptions& options, const std::string& file) {
  const std::filesystem::path folder =
      options.folder.empty() ? default_gallery() : std::filesystem::path(with_home(options.folder));
  std::error_code ignored;
  const bool is_name = file.find('/') == std::string::npos && std::filesystem::exists(folder / file, ignored);
  return is_name ? (folder / file).string() : file;
}

void show(const GalleryOptions& options) {
  for (const std::string& file : options.files) {
    const auto picture = read_recipe(path_of(options, file));
    if (!picture)
      throw Failure(ErrorCode::kNotFound, "“" + file + "” has no recipe in it",
                    "it was not made by this program, or saved by another");
    print_json(nlohmann::json::parse(recipe_text(*picture)));
  }
}

void keep(const GalleryOptions& options) {
  Gallery gallery = opened(options);
  for (const std::string& file : options.files) {
    const std::string name = gallery.add(file);
    std::printf("%s\n", (gallery.folder() / name).c_str());
  }
}

void add_files(CLI::App& command, const std::shared_ptr<GalleryOptions>& options, const std::string& help) {
  command.add_option("files", options->files, help)->required()->type_name("FILE.png");
}

CLI::App* add(CLI::App& parent, const std::shared_ptr<GalleryOptions>& options, const std::string& name, const std::string& help,
              void (*run)(const GalleryOptions&)) {
  auto* command = parent.add_subcommand(name, help);
  command->add_option("--folder", options->folder, "The gallery's folder (~/.local/share/spritekiln/gallery)")->type_name("DIR");
  command->callback([options, run] { run(*options); });
  return command;
}

}  // namespace

void add_gallery_command(CLI::App& command, EngineRunner&) {
  const auto options = std::make_shared<GalleryOptions>();
  command.require_subcommand(1);
  auto* each = add(command, options, "list", "The kept sprites, one a line", list);
  each->add_option("--search", options->search,
                   "Only those with all these words: of their class, model, date, name, collections, "
                   "colours (#a0b1c2) or settings")
      ->type_name("WORDS");
  each->add_flag("--starred", options->starred, "Only those with a star");
  each->add_option("--collection", options->collection, "Only those in this collection")->type_name("NAME");
  each->add_option("--order", options->order, "What comes first (newest)")->type_name("newest | oldest | class | model | name");
  each->add_flag("--bin", options->binned, "What is in the bin instead");
  each->add_flag("--json", options->json, "As one JSON document");
  add_files(*add(command, options, "show", "The recipe in PNGs, as JSON", show), options, "Names in the gallery, or other files");
  add_files(*add(command, options, "keep", "Copy PNGs into the gallery", keep), options, "Their paths");
  add_files(
      *add(command, options, "remove", "Put kept sprites into the bin", [](const GalleryOptions& o) { opened(o).remove(o.files); }),
      options, "Their names in the gallery");
  add_files(*add(command, options, "restore", "Bring sprites back from the bin",
                 [](const GalleryOptions& o) {
                   Gallery gallery = opened(o);
                   for (const std::string& file : o.files) std::printf("%s\n", gallery.restore(file).c_str());
                 }),
            options, "Their names in the bin");
  each =
      add(command, options, "star", "Give kept sprites a star", [](const GalleryOptions& o) { opened(o).star(o.files, !o.off); });
  add_files(*each, options, "Their names in the gallery");
  each->add_flag("--off", options->off, "Take it away");
  each = add(command, options, "collect", "Put kept sprites into a collection",
             [](const GalleryOptions& o) { opened(o).collect(o.files, o.collection, !o.off); });
  each->add_option("collection", options->collection, "Its name; it is made if there is none")->required()->type_name("NAME");
  add_files(*each, options, "Their names in the gallery");
  each->add_flag("--off", options->off, "Take them out of it");
}

}  // namespace kiln
