# Instruction sets of engine/network/kernels: each set has its own source files, chosen between at run time. From outside, nothing of
# them is seen but tables of pointers: any other function might run, and be of a set that the CPU does not have.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(kernels_avx2 -mavx2 -mfma -mf16c)
  set(kernels_avx512 ${kernels_avx2} -mavx512f -mavx512bw -mavx512vl -mavx512dq)
  set(kernels_avx512_bf16 ${kernels_avx512} -mavx512bf16)
  foreach(set avx2 avx512 avx512_bf16)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/engine/network/kernels/*_${set}.cpp)
    # GCC 12 takes its own _mm512_undefined_ps() for an uninitialised variable (GCC bug 105593).
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${kernels_${set}};-Wno-uninitialized;-Wno-maybe-uninitialized"
                                SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
endif()
