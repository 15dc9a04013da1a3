#include "app/state/command_line.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

SpriteRecipe recipe() {
  SpriteRecipe r{.model_name = "small", .model_hash = "ab12", .condition = {{"potion", 1}}, .settings = {}, .steps_done = 25};
  r.settings.shared_params = defaults_of(sampling_specs());
  r.settings.shared_params["count"] = std::int64_t{1};
  r.settings.shared_params["seed"] = std::int64_t{42};
  return r;
}

TEST_CASE("A command tells what is not as it is by itself, and what a model's file may have another default of") {
  CHECK(command_line(recipe(), "/models/small.safetensors", {}, "a.png") ==
        "spritekiln sample --model /models/small.safetensors --class potion --sampler ddim --count 1 --guidance 2 --steps 25 "
        "--seed 42 --guidance-from 0 --guidance-to 1 --rescale 0 --spacing trailing --merge-colours 0 --out a.png");
}

TEST_CASE("Mixes, negatives, images, numbers and file names are told so that a shell and the command read the same") {
  SpriteRecipe r = recipe();
  r.condition = {{"potion", 0.1}, {"magic sword", 0.3}};
  r.settings.negative = {{"undead", 1}};
  r.settings.shared_params["guidance"] = 4.125;
  r.settings.shared_params["palette"] = std::string("#000000,#ffffff");
  r.settings.shared_params["clamp"] = false;
  r.settings.init_image = {"/home/an artist/it's.png", "00"};
  r.settings.init_params = {{"strength", 0.1 + 0.2}, {"resample", std::int64_t{1}}};
  r.settings.sampler = "dpmpp_2m";
  CHECK(command_line(r, "m", {}, "a.png") ==
        "spritekiln sample --model m --class 'potion=0.1,magic sword=0.3' --negative undead --sampler dpmpp_2m --count 1 "
        "--guidance 4.125 --steps 25 --seed 42 --guidance-from 0 --guidance-to 1 --rescale 0 --spacing trailing --clamp false "
        "--palette '#000000,#ffffff' --merge-colours 0 --init-image '/home/an artist/it'\\''s.png' "
        "--strength 0.30000000000000004 --out a.png");
}

TEST_CASE("No command is told where none would make the same sprite") {
  SpriteRecipe r = recipe();
  CHECK(why_no_command(r, 25).empty());
  SpriteRecipe drawn_on = r;
  drawn_on.edited = true;
  CHECK(why_no_command(drawn_on, 25).find("by hand") != std::string::npos);
  CHECK_FALSE(why_no_command(r, 26).empty());  // stopped early
  r.condition = {{"swords, long", 1}};
  CHECK_FALSE(why_no_command(r, 25).empty());
}

TEST_CASE("The recipe as text names model, class, seed and each parameter") {
  const std::string text = recipe_lines(recipe(), {});
  for (const char* line : {"model small (SHA-256 ab12)\n", "class potion\n", "seed 42\n", "guidance 2\n", "steps 25\n"}) {
    CHECK(text.find(line) != std::string::npos);
  }
}

}  // namespace
}  // namespace kiln
