// What an engine module of another version looks like to the program; its engine must never be made.

#include <cstdlib>

#define SPRITEKILN_EXPORT extern "C" __attribute__((visibility("default")))

SPRITEKILN_EXPORT const char* spritekiln_api_stamp() { return "0123456789abcdef"; }

SPRITEKILN_EXPORT void* spritekiln_make_engine(const void*) { std::abort(); }
